//! JSON: `{"responses": [ … ]}`, taken element by element.
//!
//! A splitter over bytes finds where each element ends (strings, escapes, depth) and holds no more than one; what is in
//! the element is the JSON parser's affair.

use crate::kernel::{Code, Error, FaultCode, Result};

use super::{Intake, Refusal, row};

/// The one field of the object.
const FIELD: &[u8] = b"responses";
/// A response is two deep. Deeper elements are refused without being parsed.
const DEEPEST: usize = 16;

/// What is expected next.
#[derive(Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Object,
    Name,
    InName,
    Colon,
    List,
    First,
    Element,
    AfterList,
    End,
}

/// The splitter's state.
#[derive(Default)]
pub(super) struct Elements {
    stage: Stage,
    held: Vec<u8>,
    depth: usize,
    in_string: bool,
    escaped: bool,
    fault: Option<FaultCode>,
}

impl Elements {
    pub fn feed(&mut self, chunk: &[u8], intake: &mut Intake) -> Result<()> {
        chunk.iter().try_for_each(|byte| self.byte(*byte, intake))
    }

    pub fn finish(&mut self) -> Result<()> {
        if self.stage == Stage::End { Ok(()) } else { Err(malformed()) }
    }

    fn byte(&mut self, byte: u8, intake: &mut Intake) -> Result<()> {
        let blank = matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        match self.stage {
            Stage::Element => return self.element(byte, blank, intake),
            Stage::InName => return self.name(byte),
            _ if blank => {}
            Stage::First if byte == b']' => self.stage = Stage::AfterList,
            Stage::First => {
                self.stage = Stage::Element;
                return self.element(byte, blank, intake);
            }
            Stage::Name if byte == b'}' => return Err(Error::fault("/responses", FaultCode::Missing)),
            Stage::List if byte != b'[' => return Err(Error::fault("/responses", FaultCode::WrongType)),
            Stage::AfterList if byte == b',' => return Err(Error::fault("", FaultCode::UnknownField)),
            Stage::Object if byte == b'{' => self.stage = Stage::Name,
            Stage::Name if byte == b'"' => self.stage = Stage::InName,
            Stage::Colon if byte == b':' => self.stage = Stage::List,
            Stage::List => self.stage = Stage::First,
            Stage::AfterList if byte == b'}' => self.stage = Stage::End,
            Stage::Object | Stage::Name | Stage::Colon | Stage::AfterList | Stage::End => return Err(malformed()),
        }
        Ok(())
    }

    fn name(&mut self, byte: u8) -> Result<()> {
        if byte != b'"' {
            self.held.push(byte);
            // Not ours, whatever follows; so the name is never held whole.
            return if FIELD.starts_with(&self.held) { Ok(()) } else { Err(Error::fault("", FaultCode::UnknownField)) };
        }
        if self.held != FIELD {
            return Err(Error::fault("", FaultCode::UnknownField));
        }
        self.held.clear();
        self.stage = Stage::Colon;
        Ok(())
    }

    fn element(&mut self, byte: u8, blank: bool, intake: &mut Intake) -> Result<()> {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
        } else {
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => {
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        self.fault.get_or_insert(FaultCode::BadFormat);
                    }
                }
                b',' if self.depth == 0 => return self.end(intake),
                b']' if self.depth == 0 => {
                    self.stage = Stage::AfterList;
                    return self.end(intake);
                }
                b'}' | b']' => self.depth = self.depth.checked_sub(1).ok_or_else(malformed)?,
                _ if blank && self.held.is_empty() => return Ok(()),
                _ => {}
            }
        }
        if self.held.len() == intake.limits.max_line {
            self.fault.get_or_insert(FaultCode::LineTooLong);
        }
        if self.fault.is_none() {
            self.held.push(byte);
        }
        Ok(())
    }

    fn end(&mut self, intake: &mut Intake) -> Result<()> {
        let fault = self.fault.take();
        if fault.is_none() && self.held.is_empty() {
            return Err(malformed());
        }
        intake.row(|layout| match fault {
            Some(code) => Err(Refusal::whole(code)),
            None => row::from_json(&self.held, layout),
        })?;
        self.held.clear();
        Ok(())
    }
}

fn malformed() -> Error {
    Error::new(Code::MalformedBody).with_detail("the body is one JSON object with one list: {\"responses\": [ … ]}")
}
