//! Captured mail, for the console of a demo or a trial: what `mail.transport = capture` wrote, read back.
//!
//! Reads files; call it on a blocking thread.

use std::io::Read as _;
use std::path::Path;

use dolen_domain::kernel::{Code, Error, Result, Utc};
use mail_parser::{Address, Message, MessageParser};

/// At most so many are listed.
pub const LONGEST_LIST: usize = 200;

/// No captured message is larger; the rest of a larger file is not read.
const LARGEST: u64 = 256 * 1024;

/// A captured message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// The file's name, by which [`read`] finds it.
    pub name: String,
    /// Sender's address.
    pub from: String,
    /// Recipient's address.
    pub to: String,
    /// Subject line.
    pub subject: String,
    /// When it was sent.
    pub date: Option<Utc>,
    /// The body, plain text.
    pub text: String,
}

/// The newest `limit` messages (at most [`LONGEST_LIST`]), newest first; none when nothing was captured yet.
///
/// # Errors
/// When the folder can't be read.
pub fn list(folder: &Path, limit: usize) -> Result<Vec<Captured>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Error::unavailable(e)),
    };
    // Names begin with the time, so they alone say which are newest.
    let mut names: Vec<String> =
        entries.filter_map(|e| e.ok()?.file_name().into_string().ok()).filter(|n| is_safe(n)).collect();
    names.sort_unstable_by(|a, b| b.cmp(a));
    names.truncate(limit.min(LONGEST_LIST));
    // One that was deleted meanwhile is no reason to show none.
    Ok(names.iter().filter_map(|name| read(folder, name).ok()).collect())
}

/// One message by its file's name.
///
/// # Errors
/// [`Code::NotFound`] for any name that is not a captured message's.
pub fn read(folder: &Path, name: &str) -> Result<Captured> {
    let missing = || Error::new(Code::NotFound);
    if !is_safe(name) {
        return Err(missing());
    }
    let path = folder.join(name);
    // A link in the folder is nothing we wrote.
    if !std::fs::symlink_metadata(&path).is_ok_and(|m| m.is_file()) {
        return Err(missing());
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(&path).map_err(|_| missing())?;
    file.take(LARGEST).read_to_end(&mut bytes).map_err(Error::unavailable)?;
    let message = MessageParser::default().parse(&bytes).ok_or_else(missing)?;
    Ok(Captured {
        name: name.to_owned(),
        from: address(message.from()),
        to: address(message.to()),
        subject: message.subject().unwrap_or_default().to_owned(),
        date: date(&message),
        text: message.body_text(0).unwrap_or_default().replace("\r\n", "\n"),
    })
}

fn address(found: Option<&Address<'_>>) -> String {
    found.and_then(|a| a.first()).and_then(|a| a.address()).unwrap_or_default().to_owned()
}

fn date(message: &Message<'_>) -> Option<Utc> {
    Utc::try_from_micros(message.date()?.to_timestamp().checked_mul(1_000_000)?)
}

/// One plain file name, as [`super::mail`] writes them: it can't leave the folder or name a hidden file.
fn is_safe(name: &str) -> bool {
    name.len() <= 255
        && name.strip_suffix(".eml").is_some()
        && name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(folder: &Path, name: &str, subject: &str) {
        let text = format!(
            "From: <dolen@la.example>\r\nTo: <swyddog@la.example>\r\nSubject: {subject}\r\n\
             Date: Mon, 02 Mar 2026 09:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: quoted-printable\r\n\r\nMae =C5=B5yr yma=\r\n.\r\n"
        );
        std::fs::write(folder.join(name), text).unwrap();
    }

    #[test]
    fn the_newest_come_first_and_no_more_than_asked() {
        let folder = tempfile::tempdir().unwrap();
        for (name, subject) in
            [("20260302T090000Z-b.eml", "2"), ("20260301T090000Z-a.eml", "1"), ("20260303T0Z-c.eml", "3")]
        {
            put(folder.path(), name, subject);
        }
        put(folder.path(), ".20260304T0Z-d.eml.part", "unfinished");
        put(folder.path(), "notes.eml", "no time");
        let subjects =
            |limit| -> Vec<String> { list(folder.path(), limit).unwrap().into_iter().map(|c| c.subject).collect() };
        assert_eq!(subjects(10), ["3", "2", "1"]);
        assert_eq!(subjects(2), ["3", "2"]);
        assert_eq!(list(&folder.path().join("none-yet"), 10).unwrap(), []);
    }

    #[test]
    fn a_message_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "20260302T090000Z-b.eml", "=?utf-8?q?=C5=B5?=");
        let read = read(folder.path(), "20260302T090000Z-b.eml").unwrap();
        assert_eq!((read.from.as_str(), read.to.as_str()), ("dolen@la.example", "swyddog@la.example"));
        assert_eq!((read.subject.as_str(), read.text.as_str()), ("ŵ", "Mae ŵyr yma.\n"));
        assert_eq!(read.date.unwrap().micros(), 1_772_442_000_000_000);
    }

    #[test]
    fn a_name_never_leaves_the_folder() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("mail");
        std::fs::create_dir(&folder).unwrap();
        put(outer.path(), "1-secret.eml", "secret");
        std::os::unix::fs::symlink(outer.path().join("1-secret.eml"), folder.join("2-link.eml")).unwrap();
        std::fs::create_dir(folder.join("3-folder.eml")).unwrap();
        let absolute = outer.path().join("1-secret.eml").display().to_string();
        let bad = [
            "../1-secret.eml",
            "1/../../1-secret.eml",
            "..\\1-secret.eml",
            "%2e%2e/1-secret.eml",
            "2-link.eml",
            "3-folder.eml",
            "1\0.eml",
            "",
            "1-secret",
            absolute.as_str(),
        ];
        for name in bad {
            assert_eq!(read(&folder, name).unwrap_err().code, Code::NotFound, "{name:?}");
        }
        assert_eq!(list(&folder, 10).unwrap(), [], "neither the link nor the folder is listed");
    }
}
