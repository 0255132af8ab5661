//! Requests no HTTP library would send.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use dolen_domain::access::Role;
use dolen_tests::TestApp;

/// Sends bytes as they are and gives the statuses of what comes back before the connection ends or goes quiet.
fn send(app: &TestApp, bytes: &[u8]) -> Vec<u16> {
    let mut stream = TcpStream::connect(app.base().trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    // A server that has heard enough may close before everything is sent.
    let _ = stream.write_all(bytes);
    let mut heard = Vec::new();
    let mut chunk = [0_u8; 4096];
    while let Ok(n) = stream.read(&mut chunk) {
        if n == 0 {
            break;
        }
        heard.extend_from_slice(&chunk[..n]);
    }
    let text = String::from_utf8_lossy(&heard).into_owned();
    text.match_indices("HTTP/1.1 ").filter_map(|(at, _)| text.get(at + 9..at + 12)?.parse().ok()).collect()
}

fn get(headers: &str) -> Vec<u8> {
    format!("GET /v1/schools HTTP/1.1\r\nhost: x\r\n{headers}\r\n").into_bytes()
}

#[tokio::test]
async fn broken_requests_are_refused_and_the_service_goes_on() {
    let app = TestApp::start().await;
    let before = app.database().inspect().counts();
    // The control: the same by hand, well formed, is answered.
    assert_eq!(send(&app, &get("connection: close\r\n")), [401]);
    let post = |headers: &str, body: &str| {
        format!("POST /v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{headers}\r\n{body}")
            .into_bytes()
    };
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("no request at all", b"\r\n\r\n\0\0\0\r\n\r\n".to_vec()),
        ("words", b"hello there\r\n\r\n".to_vec()),
        ("a line without end", vec![b'A'; 300_000]),
        (
            "an address without end",
            [b"GET /".as_slice(), &vec![b'a'; 300_000], b" HTTP/1.1\r\nhost: x\r\n\r\n"].concat(),
        ),
        ("a giant header", get(&format!("x: {}\r\n", "y".repeat(300_000)))),
        ("a thousand headers", get(&"x: y\r\n".repeat(1000))),
        ("a header with NUL", get("x: a\0b\r\n")),
        ("a header folded", get("x: a\r\n b\r\nc d: e\r\n")),
        ("a header without a name", get(": a\r\n")),
        ("two lengths", post("content-length: 2\r\ncontent-length: 3\r\n", "{}x")),
        ("a length below nothing", post("content-length: -1\r\n", "{}")),
        ("a length beyond all", post("content-length: 99999999999999999999999\r\n", "{}")),
        (
            "a length and chunks",
            post(
                "content-length: 4\r\ntransfer-encoding: chunked\r\n",
                "0\r\n\r\nGET /v1/x HTTP/1.1\r\nhost: x\r\n\r\n",
            ),
        ),
        ("chunks of a wrong size", post("transfer-encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n")),
        ("an unknown transfer encoding", post("transfer-encoding: x, chunked, y\r\n", "{}")),
        ("an unknown version", b"GET /v1/schools HTTP/7.7\r\nhost: x\r\n\r\n".to_vec()),
    ];
    for (name, bytes) in cases {
        let statuses = send(&app, &bytes);
        assert!(statuses.iter().all(|s| (400..500).contains(s)), "{name}: {statuses:?}");
        assert!(statuses.len() <= 1, "{name}: one request, not {statuses:?}");
    }
    assert_eq!(app.database().inspect().counts(), before);
    app.anonymous().get("/livez").await.expect_status(200);
}

#[tokio::test]
async fn odd_headers_are_no_fault_of_ours() {
    let app = TestApp::start().await;
    let client = app.signed_in(Role::Dsp);
    for (name, value) in [
        ("accept-language", b"\xff\xfe;q=\xff".as_slice()),
        ("accept-language", b"cy;q=nan, en;q=1e400, *;q=-1"),
        ("if-none-match", b"\xff"),
        ("sec-fetch-site", b"\xff"),
        ("x-request-id", b"a b\"c<script>"),
        ("x-request-id", &[b'a'; 500]),
        ("accept", b"\xff/\xff"),
        ("accept-encoding", b"\xff, gzip;q=x"),
        ("content-length", b"0"),
    ] {
        let reply = client.get("/v1/schools").header_bytes(name, value).await;
        reply.expect_status(200);
        let id = reply.header("x-request-id");
        assert!(id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{id}");
    }
    for (name, value) in [("authorization", b"\xff".as_slice()), ("authorization", b""), ("authorization", b"Bearer")] {
        client.get("/v1/schools").header_bytes(name, value).await.expect_problem(401, "bad_token");
    }
    for cookie in [b"\xff".as_slice(), b"dolen=", b"dolen=\xff\xff", b"=;=;=", &[b'x'; 4000]] {
        let reply = app.anonymous().get("/v1/schools").header_bytes("cookie", cookie).await;
        assert_eq!(reply.status, 401, "{reply:?}");
        reply.expect_any_problem();
    }
    for key in [b"\xff".as_slice(), b"a\tb", b" "] {
        let body = dolen_tests::bodies::referral(&app.world().schools[0].number, "eps");
        let submitter = app.signed_in(Role::SchoolSubmitter);
        let reply = submitter.post("/v1/referrals").header_bytes("idempotency-key", key).json(&body).await;
        assert_eq!(reply.status, 400, "{reply:?}");
        reply.expect_any_problem();
    }
}
