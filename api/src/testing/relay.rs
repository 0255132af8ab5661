//! A scripted mail relay on 127.0.0.1. A recipient's local part says how it is treated, whatever follows a `+` aside:
//!
//! `reject` 550, `busy` 451, `grey` 450 the first time, `denied` 554 5.7.1, `slow` answers after three seconds, `drop`
//! takes the message the first time and closes the connection instead of answering.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the relay is like as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Plain, without STARTTLS.
    Plain,
    /// Offers a login and no STARTTLS, as somebody in between would have it.
    Stripped,
    /// Offers STARTTLS, and goes on in plain after it.
    Pretending,
    /// Refuses the sender.
    NoSender,
}

/// A message the relay took, answered or not.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub to: Vec<String>,
    /// As on the wire, dots undone.
    pub data: String,
}

#[derive(Default)]
pub(crate) struct Seen {
    pub taken: Vec<Taken>,
    /// Every command line, in order.
    pub lines: Vec<String>,
    pub connections: usize,
    remembered: HashSet<String>,
}

impl Seen {
    fn first_time(&mut self, address: &str) -> bool {
        self.remembered.insert(address.to_owned())
    }

    /// The value of this header in each message taken for this address.
    pub(crate) fn headers(&self, to: &str, name: &str) -> Vec<String> {
        let start = format!("{name}: ");
        let mine = self.taken.iter().filter(|t| t.to.iter().any(|a| a == to));
        let lines = mine.flat_map(|t| t.data.lines().filter_map(|l| l.strip_prefix(&start)));
        lines.map(str::to_owned).collect()
    }
}

/// A running relay; it ends with the test's runtime.
pub(crate) struct TestRelay {
    pub port: u16,
    seen: Arc<Mutex<Seen>>,
}

impl TestRelay {
    pub(crate) async fn start(kind: Kind) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let shared = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let seen = Arc::clone(&shared);
                seen.lock().unwrap().connections += 1;
                tokio::spawn(async move {
                    let _ = talk(stream, kind, &seen).await;
                });
            }
        });
        Self { port, seen }
    }

    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }
}

fn local_part(address: &str) -> &str {
    address.split(['@', '+']).next().unwrap()
}

async fn talk(stream: TcpStream, kind: Kind, seen: &Mutex<Seen>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 relay.example\r\n").await?;
    let mut to: Vec<String> = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let line = line.trim_end().to_owned();
        seen.lock().unwrap().lines.push(line.clone());
        let verb: String = line.chars().take(4).collect::<String>().to_uppercase();
        let reply = match verb.as_str() {
            "EHLO" => match kind {
                Kind::Stripped => "250-relay.example\r\n250 AUTH PLAIN LOGIN",
                Kind::Pretending => "250-relay.example\r\n250 STARTTLS",
                Kind::Plain | Kind::NoSender => "250 relay.example",
            },
            "STAR" => "220 go ahead",
            "MAIL" if kind == Kind::NoSender => "550 not with that address",
            "MAIL" | "RSET" | "NOOP" => {
                to.clear();
                "250 yes"
            }
            "RCPT" => {
                let address = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                let reply = match local_part(&address) {
                    "reject" => "550 5.1.1 no such mailbox",
                    "busy" => "451 4.3.2 later",
                    "grey" if seen.lock().unwrap().first_time(&address) => "450 4.2.0 later",
                    "denied" => "554 5.7.1 relaying denied",
                    "slow" => {
                        tokio::time::sleep(Duration::from_secs(3)).await;
                        "250 at last"
                    }
                    _ => "250 yes",
                };
                to.push(address);
                reply
            }
            "DATA" => {
                stream.write_all(b"354 go ahead\r\n").await?;
                let data = content(&mut stream).await?;
                let dropped = {
                    let mut seen = seen.lock().unwrap();
                    let dropped = to.iter().any(|a| local_part(a) == "drop" && seen.first_time(a));
                    seen.taken.push(Taken { to: std::mem::take(&mut to), data });
                    dropped
                };
                if dropped {
                    return Ok(());
                }
                "250 taken"
            }
            "QUIT" => {
                return stream.write_all(b"221 good-bye\r\n").await;
            }
            _ => "502 what",
        };
        stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
    }
}

/// Up to the lone dot, with doubled dots undone.
async fn content(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut data = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(data);
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
