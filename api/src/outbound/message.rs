//! The MIME message of a composed mail. Everything in it is ASCII on the wire, so no relay needs an extension for it.

use std::time::SystemTime;

use dolen_domain::kernel::{EmailAddress, Utc};
use dolen_domain::notices::Mail;
use lettre::message::header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, SinglePart};
use lettre::{Address, Message};

/// A mail that is no message: a header would not stay one line, or an address is none.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoMessage;

/// Builds the message: one recipient, the same `Message-ID` at every try, `Date` from the service's clock.
pub(super) fn build(from: &EmailAddress, mail: &Mail, at: Utc) -> Result<Message, NoMessage> {
    // What a header is made of is ours, so a control character in it is an attack or a mistake: never mended, refused.
    if mail.subject.chars().any(char::is_control) || !is_message_id(&mail.message_id) {
        return Err(NoMessage);
    }
    let text = SinglePart::builder()
        .header(ContentType::TEXT_PLAIN)
        .header(ContentTransferEncoding::QuotedPrintable)
        // The builder ends the text with a line break of its own.
        .body(mail.text.strip_suffix('\n').unwrap_or(&mail.text).to_owned());
    Message::builder()
        .from(mailbox(from)?)
        .to(mailbox(&mail.to)?)
        .subject(mail.subject.clone())
        .date(SystemTime::from(at.chrono()))
        .header(MessageId(mail.message_id.clone()))
        .header(ContentLanguage(mail.languages))
        .header(AutoSubmitted)
        .singlepart(text)
        .map_err(|_| NoMessage)
}

fn mailbox(address: &EmailAddress) -> Result<Mailbox, NoMessage> {
    Ok(Mailbox::new(None, address.as_str().parse::<Address>().map_err(|_| NoMessage)?))
}

/// `<left@right>` of plain characters (RFC 5322 §3.6.4), short enough for one line.
fn is_message_id(id: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
    };
    id.len() <= 400
        && id
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix('>'))
            .and_then(|inner| inner.split_once('@'))
            .is_some_and(|(left, right)| plain(left) && plain(right))
}

/// A header of a checked value, written on one line as it is.
macro_rules! plain_header {
    ($(#[$m:meta])* $name:ident, $word:literal, $self:ident => $value:expr) => {
        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($word)
            }
            fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Err("written only".into())
            }
            fn display(&$self) -> HeaderValue {
                let value: String = $value;
                HeaderValue::dangerous_new_pre_encoded(Self::name(), value.clone(), value)
            }
        }
    };
}

/// `Message-ID`, unfolded: some readers take a folded one for another message.
#[derive(Clone)]
struct MessageId(String);
plain_header!(MessageId, "Message-ID", self => self.0.clone());

/// `Content-Language` (RFC 3282).
#[derive(Clone)]
struct ContentLanguage(&'static str);
plain_header!(ContentLanguage, "Content-Language", self => self.0.to_owned());

/// `Auto-Submitted: auto-generated` (RFC 3834 §5): no absence note comes back.
#[derive(Clone)]
struct AutoSubmitted;
plain_header!(AutoSubmitted, "Auto-Submitted", self => "auto-generated".to_owned());

#[cfg(test)]
mod tests {
    use dolen_domain::kernel::Utc;
    use mail_parser::{HeaderName, MessageParser};

    use super::*;

    fn mail(subject: &str, text: &str) -> Mail {
        Mail {
            to: EmailAddress::parse("swyddog@la.example").unwrap(),
            subject: subject.to_owned(),
            text: text.to_owned(),
            languages: "cy, en",
            message_id: "<0198f2f0-0000-7000-8000-000000000001@dolen.la.example>".to_owned(),
        }
    }

    fn wire(mail: &Mail) -> Result<Vec<u8>, NoMessage> {
        let from = EmailAddress::parse("dolen@la.example").unwrap();
        let at = Utc::from_micros(1_772_442_000_000_000);
        build(&from, mail, at).map(|m| m.formatted())
    }

    /// The lines of the header part.
    fn head(bytes: &[u8]) -> Vec<String> {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        head.split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_message_has_every_header_once_and_reads_back_as_written() {
        let text = "Mae ŵyr yma.\n.\n..\n\nhttps://dolen.la.example/r/DL-7K4Q-3M9X\n= 3\n";
        let subject = "Dolen: mae cwestiwn i chi am DL-7K4Q-3M9X / ŵ";
        let bytes = wire(&mail(subject, text)).unwrap();
        assert!(bytes.is_ascii());
        let lines = head(&bytes);
        for name in
            ["From", "To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted", "MIME-Version"]
        {
            let start = format!("{name}: ");
            assert_eq!(lines.iter().filter(|l| l.starts_with(&start)).count(), 1, "{name}");
        }
        assert!(lines.contains(&"Date: Mon, 02 Mar 2026 09:00:00 +0000".to_owned()), "{lines:?}");
        assert!(lines.contains(&"Auto-Submitted: auto-generated".to_owned()));
        assert!(lines.contains(&"Content-Language: cy, en".to_owned()));
        assert!(lines.contains(&"Content-Transfer-Encoding: quoted-printable".to_owned()));
        assert!(lines.contains(&"Content-Type: text/plain; charset=utf-8".to_owned()));
        let read = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(read.subject(), Some(subject));
        assert_eq!(read.body_text(0).unwrap().replace("\r\n", "\n"), text);
        assert_eq!(bytes, wire(&mail(subject, text)).unwrap(), "a repeat is the same message");
    }

    /// OUT-4 of `facts/reliability.md`: whatever stands in the text or the subject, the message keeps its headers.
    #[test]
    fn nothing_in_a_mail_adds_a_header_or_ends_it() {
        let plain = head(&wire(&mail("s", "t")).unwrap()).len();
        let corpus = [
            "\r\nBcc: x@y.example",
            "\nBcc: x@y.example",
            "\rBcc: x@y.example",
            "a\0b",
            "\u{85}Bcc: x@y.example",
            "\u{2028}Bcc: x@y.example",
            "=?utf-8?q?=0D=0ABcc:_x@y.example?=",
            "=?utf-8?b?DQpCY2M6IHhAeS5leGFtcGxl?=",
            "\r\n.\r\nMAIL FROM:<x@y.example>\r\n",
            "\n.\nQUIT\n",
            ".",
            "%0d%0aBcc: x@y.example",
            "\u{b}Bcc: x",
            "\u{c}Bcc: x",
        ];
        let longest = "x".repeat(5_000);
        for bad in corpus.into_iter().chain([longest.as_str()]) {
            let subject = format!("Dolen: {bad}");
            match wire(&mail(&subject, "t")) {
                Err(NoMessage) => assert!(bad.chars().any(char::is_control), "{bad:?} was refused"),
                Ok(bytes) => {
                    assert!(!bad.chars().any(char::is_control), "{bad:?} was taken");
                    let read = MessageParser::default().parse(&bytes).unwrap();
                    assert!(read.bcc().is_none() && read.headers().len() == plain, "{bad:?}");
                }
            }
            let bytes = wire(&mail("s", bad)).unwrap();
            assert_eq!(head(&bytes).len(), plain, "{bad:?} in the text");
            assert!(bytes.split(|b| *b == b'\n').all(|line| line.len() <= 998), "a line is too long");
            let read = MessageParser::default().parse(&bytes).unwrap();
            assert!(read.header(HeaderName::Bcc).is_none());
        }
        for bad in ["", "a@b", "<a>", "<@b>", "<a@>", "<a@b>\r\nBcc: x@y.example", "<a@b\r\n>", "<a b@c>", "<a@[::1]>"]
        {
            let letter = Mail { message_id: bad.to_owned(), ..mail("s", "t") };
            assert_eq!(wire(&letter), Err(NoMessage), "{bad:?}");
        }
    }
}
