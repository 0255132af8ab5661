//! The virus scanner: clamd, asked by `INSTREAM` over TCP or a socket of this machine.
//!
//! A session is one command: `zINSTREAM` ended by NUL, then the document in chunks, each after its length as four bytes
//! in network order, a chunk of no length at the end; the answer is one line ended by NUL (clamd(8), "COMMANDS": the `z`
//! prefix and `INSTREAM`). The document's name is not sent.

use std::time::Duration;

use dolen_domain::cases::Scan;
use dolen_domain::kernel::{Code, Error, Result};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpStream, UnixStream};

use crate::config::{DocumentSettings, ScannerAddress};

/// Bytes of one chunk. clamd takes any up to its `StreamMaxLength`.
const CHUNK: usize = 64 * 1024;

/// Longest answer read: a signature's name and two words.
const ANSWER: u64 = 4096;

/// What the scanner says of these bytes. Not asked inside a transaction.
///
/// # Errors
/// [`Code::DocumentRefused`] when it found something; [`Code::Unavailable`] when it can't be asked and has to be.
pub async fn scan(settings: &DocumentSettings, bytes: &[u8]) -> Result<Scan> {
    let Some(address) = &settings.scanner else { return Ok(Scan::NotScanned) };
    let limit = Duration::from_secs(settings.scan_timeout_seconds);
    let answer = tokio::time::timeout(limit, ask(address, bytes)).await;
    let answer = answer.unwrap_or_else(|_| Err(std::io::Error::from(std::io::ErrorKind::TimedOut)));
    let verdict = answer.map_err(Error::unavailable).and_then(|answer| verdict(&answer));
    match verdict {
        Err(error) if error.code == Code::Unavailable && !settings.scan_required => {
            tracing::warn!(cause = %error, "a document is kept without a scan");
            Ok(Scan::NotScanned)
        }
        other => other,
    }
}

/// What an answer means. Only a plain `OK` is clean.
fn verdict(answer: &str) -> Result<Scan> {
    if answer == "stream: OK" {
        return Ok(Scan::Clean);
    }
    if let Some(signature) = answer.strip_prefix("stream: ").and_then(|a| a.strip_suffix(" FOUND")) {
        tracing::warn!(signature, "a document was refused by the virus scanner");
        return Err(Code::DocumentRefused.into());
    }
    Err(Error::unavailable(format!("the virus scanner answered `{}`", answer.escape_debug())))
}

async fn ask(address: &ScannerAddress, bytes: &[u8]) -> std::io::Result<String> {
    match address {
        ScannerAddress::Tcp(address) => converse(TcpStream::connect(address).await?, bytes).await,
        ScannerAddress::Unix(path) => converse(UnixStream::connect(path).await?, bytes).await,
    }
}

async fn converse(stream: impl AsyncRead + AsyncWrite, bytes: &[u8]) -> std::io::Result<String> {
    let (reader, mut writer) = tokio::io::split(stream);
    let send = async {
        writer.write_all(b"zINSTREAM\0").await?;
        for chunk in bytes.chunks(CHUNK) {
            let length = u32::try_from(chunk.len()).map_err(std::io::Error::other)?;
            writer.write_all(&length.to_be_bytes()).await?;
            writer.write_all(chunk).await?;
        }
        writer.write_all(&0_u32.to_be_bytes()).await?;
        writer.flush().await
    };
    // A scanner that has seen enough answers and closes before everything is sent: what it said counts, not that.
    let mut answer = Vec::new();
    let mut limited = BufReader::new(reader.take(ANSWER));
    let (sent, received) = tokio::join!(send, limited.read_until(0, &mut answer));
    // An answer cut short is none: `stream: OK` may be the beginning of something else.
    if answer.pop() != Some(0) {
        sent?;
        received?;
        return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof));
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
