//! A virus scanner of the test's own: it speaks the documented format of clamd's `INSTREAM` and nothing else, and finds
//! the test file of EICAR.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The test file every scanner finds (EICAR, "Anti Malware Testfile"), in two halves so that none finds it here.
#[must_use]
pub fn eicar() -> Vec<u8> {
    [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD", r"-ANTIVIRUS-TEST-FILE!$H+H*"].concat().into_bytes()
}

/// How it behaves.
#[derive(Debug, Clone, Copy)]
pub enum Mood {
    /// As documented.
    Good,
    /// As documented, and it takes no more than so many bytes.
    Small(usize),
    /// It says this, whatever it is shown.
    Says(&'static [u8]),
    /// It takes everything and says nothing.
    Silent,
    /// It closes at once.
    Closes,
}

/// A scanner. It ends with the test's process.
pub struct Clamd {
    /// Its address as the setting has it.
    pub address: String,
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Clamd {
    /// On a port of this machine.
    #[must_use]
    pub fn tcp(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("tcp:{}", listener.local_addr().unwrap());
        Self::serve(address, mood, move || listener.accept().unwrap().0)
    }

    /// On a socket in this folder.
    #[must_use]
    pub fn unix(folder: &Path, mood: Mood) -> Self {
        let path = folder.join("clamd.sock");
        let listener = UnixListener::bind(&path).unwrap();
        Self::serve(format!("unix:{}", path.display()), mood, move || listener.accept().unwrap().0)
    }

    fn serve<S: Read + Write>(address: String, mood: Mood, accept: impl Fn() -> S + Send + 'static) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        std::thread::spawn(move || {
            loop {
                // Who goes away in the middle is no reason to stop.
                let _ = answer(&mut accept(), mood, &kept);
            }
        });
        Self { address, seen }
    }

    /// What it was shown, the first first.
    #[must_use]
    pub fn seen(&self) -> Vec<Vec<u8>> {
        self.seen.lock().unwrap().clone()
    }
}

/// One conversation (clamd(8), "COMMANDS"): `zINSTREAM`, NUL, chunks each after its length as four bytes in network order,
/// an empty one at the end.
fn answer(stream: &mut (impl Read + Write), mood: Mood, seen: &Mutex<Vec<Vec<u8>>>) -> std::io::Result<()> {
    if matches!(mood, Mood::Closes) {
        return Ok(());
    }
    let mut command = Vec::new();
    while command.last() != Some(&0) && command.len() < 32 {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        command.push(byte[0]);
    }
    if command != b"zINSTREAM\0" {
        return stream.write_all(b"UNKNOWN COMMAND\0");
    }
    let mut bytes = Vec::new();
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length)?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap();
        if length == 0 {
            break;
        }
        if matches!(mood, Mood::Small(most) if bytes.len() + length > most) {
            return stream.write_all(b"INSTREAM size limit exceeded. ERROR\0");
        }
        let start = bytes.len();
        bytes.resize(start + length, 0);
        stream.read_exact(&mut bytes[start..])?;
    }
    let eicar = eicar();
    let found = bytes.windows(eicar.len()).any(|window| window == eicar);
    seen.lock().unwrap().push(bytes);
    match mood {
        Mood::Says(words) => stream.write_all(words),
        Mood::Silent => {
            std::thread::sleep(Duration::from_secs(5));
            Ok(())
        }
        _ if found => stream.write_all(b"stream: Eicar-Test-Signature FOUND\0"),
        _ => stream.write_all(b"stream: OK\0"),
    }
}
