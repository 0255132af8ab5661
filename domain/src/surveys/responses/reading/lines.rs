//! NDJSON: one object a line.

use crate::kernel::{FaultCode, Result};

use super::{Intake, Refusal, row};

/// The line that is not complete yet.
#[derive(Default)]
pub(super) struct Lines {
    held: Vec<u8>,
    /// The line is longer than the limit and no longer held.
    over: bool,
}

impl Lines {
    pub fn feed(&mut self, chunk: &[u8], intake: &mut Intake) -> Result<()> {
        let mut lines = chunk.split(|b| *b == b'\n');
        let tail = lines.next_back().unwrap_or_default();
        for line in lines {
            self.line(line, intake)?;
        }
        self.hold(tail, intake.limits.max_line);
        Ok(())
    }

    pub fn finish(&mut self, intake: &mut Intake) -> Result<()> {
        self.line(&[], intake)
    }

    /// Keeps a part of a line; one byte more than the limit may still be a carriage return.
    fn hold(&mut self, part: &[u8], max_line: usize) {
        self.over |= self.held.len() + part.len() > max_line + 1;
        if self.over {
            self.held = Vec::new();
        } else {
            self.held.extend(part);
        }
    }

    /// Ends a line with its last part.
    fn line(&mut self, last: &[u8], intake: &mut Intake) -> Result<()> {
        if self.held.is_empty() && !self.over {
            return Self::read(last, false, intake);
        }
        self.hold(last, intake.limits.max_line);
        let (held, over) = (std::mem::take(&mut self.held), std::mem::take(&mut self.over));
        Self::read(&held, over, intake)
    }

    fn read(line: &[u8], over: bool, intake: &mut Intake) -> Result<()> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if over || line.len() > intake.limits.max_line {
            return intake.row(|_| Err(Refusal::whole(FaultCode::LineTooLong)));
        }
        if line.trim_ascii().is_empty() {
            return Ok(());
        }
        intake.row(|layout| row::from_json(line, layout))
    }
}
