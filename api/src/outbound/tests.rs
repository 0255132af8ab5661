//! OUT-2 and OUT-4 of `facts/reliability.md`, against a relay that misbehaves on request.

use std::time::{Duration, Instant};

use dolen_domain::kernel::EmailAddress;
use dolen_domain::notices::{Mail, Outcome};

use crate::testing::{Kind, TestRelay, mailer};

fn mail(to: &str) -> Mail {
    Mail {
        to: EmailAddress::parse(to).unwrap(),
        subject: "Dolen: mae ateb i chi / there is an answer".to_owned(),
        text: "Mae ŵyr yma.\n.\n..dot\nMAIL FROM:<x@y.example>\n".to_owned(),
        languages: "cy, en",
        message_id: format!("<{}@dolen.la.example>", to.replace(['@', '+'], "-")),
    }
}

fn verbs(relay: &TestRelay) -> Vec<String> {
    relay.seen().lines.iter().map(|l| l.chars().take(4).collect()).collect()
}

#[actix_web::test]
async fn a_message_is_delivered_and_the_connection_kept() {
    let relay = TestRelay::start(Kind::Plain).await;
    let mailer = mailer(relay.port, &[]);
    assert_eq!(mailer.send(&mail("a@la.example")).await, Outcome::Delivered);
    assert_eq!(mailer.send(&mail("b@la.example")).await, Outcome::Delivered);
    assert_eq!(verbs(&relay), ["EHLO", "MAIL", "RCPT", "DATA", "NOOP", "MAIL", "RCPT", "DATA"]);
    let seen = relay.seen();
    assert_eq!(seen.connections, 1);
    assert_eq!(seen.taken[0].to, ["a@la.example"]);
    assert_eq!(seen.headers("a@la.example", "Message-ID"), ["<a-la.example@dolen.la.example>"]);
    let (_, body) = seen.taken[0].data.split_once("\r\n\r\n").unwrap();
    assert_eq!(body.trim_end(), "Mae =C5=B5yr yma.\r\n.\r\n..dot\r\nMAIL FROM:<x@y.example>");
}

#[actix_web::test]
async fn a_refusal_is_for_good_only_when_it_is_about_the_recipient() {
    let relay = TestRelay::start(Kind::Plain).await;
    let mailer = mailer(relay.port, &[]);
    assert_eq!(mailer.send(&mail("reject@la.example")).await, Outcome::Permanent("smtp-550"));
    assert_eq!(mailer.send(&mail("busy@la.example")).await, Outcome::Temporary("smtp-451"));
    assert_eq!(mailer.send(&mail("denied@la.example")).await, Outcome::Temporary("smtp-554"));
    assert_eq!(mailer.send(&mail("grey@la.example")).await, Outcome::Temporary("smtp-450"));
    assert_eq!(mailer.send(&mail("grey@la.example")).await, Outcome::Delivered);
    assert_eq!(relay.seen().taken.len(), 1);
    let ours = TestRelay::start(Kind::NoSender).await;
    let mailer = crate::testing::mailer(ours.port, &[]);
    assert_eq!(mailer.send(&mail("a@la.example")).await, Outcome::Temporary("smtp-550"));
}

#[actix_web::test]
async fn a_relay_that_is_away_is_tried_again() {
    let relay = TestRelay::start(Kind::Plain).await;
    // A port that was free a moment ago.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(mailer(gone, &[]).send(&mail("a@la.example")).await, Outcome::Temporary("refused"));
    let nameless = mailer(relay.port, &[("mail.host", "relay.invalid"), ("mail.tls", "tls")]);
    assert_eq!(nameless.send(&mail("a@la.example")).await, Outcome::Temporary("unreachable"));
    // A relay that speaks no TLS where TLS is asked for.
    let wrapped = mailer(relay.port, &[("mail.tls", "tls")]);
    assert_eq!(wrapped.send(&mail("a@la.example")).await, Outcome::Temporary("tls"));
    assert_eq!(relay.seen().taken.len(), 0);
}

/// Nothing but the greeting may pass in plain: no password, no address, no message.
#[actix_web::test]
async fn without_tls_nothing_is_sent_in_plain() {
    let login: &[(&str, &str)] = &[("mail.tls", "starttls"), ("mail.username", "dolen"), ("mail.password", "hunter2")];
    let stripped = TestRelay::start(Kind::Stripped).await;
    assert_eq!(mailer(stripped.port, login).send(&mail("a@la.example")).await, Outcome::Temporary("starttls"));
    assert_eq!(verbs(&stripped), ["EHLO"]);
    let pretending = TestRelay::start(Kind::Pretending).await;
    assert_eq!(mailer(pretending.port, login).send(&mail("a@la.example")).await, Outcome::Temporary("tls"));
    let lines = pretending.seen().lines.clone();
    assert_eq!(lines[1], "STARTTLS");
    assert!(lines.iter().skip(2).all(|l| !["MAIL", "RCPT", "DATA", "AUTH"].iter().any(|v| l.contains(v))), "{lines:?}");
    assert!(stripped.seen().taken.is_empty() && pretending.seen().taken.is_empty());
}

#[actix_web::test]
async fn a_slow_mailbox_holds_up_no_other() {
    let relay = TestRelay::start(Kind::Plain).await;
    let mailer = mailer(relay.port, &[("mail.timeout_seconds", "9")]);
    let began = Instant::now();
    let letters: Vec<Mail> = (0..5).map(|i| mail(&format!("fast+{i}@la.example"))).collect();
    let fast = async {
        let sent = futures_util::future::join_all(letters.iter().map(|m| mailer.send(m))).await;
        assert_eq!(sent, [Outcome::Delivered; 5]);
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    };
    let letter = mail("slow@la.example");
    let (slow, ()) = futures_util::join!(mailer.send(&letter), fast);
    assert_eq!(slow, Outcome::Delivered);
    assert!(began.elapsed() >= Duration::from_secs(3));
}

/// The answers to a conversation that was cut short are never taken for those to the next one.
#[actix_web::test]
async fn a_conversation_cut_short_is_not_gone_on_with() {
    let relay = TestRelay::start(Kind::Plain).await;
    let mailer = mailer(relay.port, &[]);
    assert_eq!(mailer.send(&mail("a@la.example")).await, Outcome::Delivered);
    assert_eq!(mailer.send(&mail("slow@la.example")).await, Outcome::Temporary("timeout"));
    assert_eq!(mailer.send(&mail("reject@la.example")).await, Outcome::Permanent("smtp-550"));
    assert_eq!(mailer.send(&mail("b@la.example")).await, Outcome::Delivered);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let to: Vec<_> = relay.seen().taken.iter().flat_map(|t| t.to.clone()).collect();
    assert_eq!(to, ["a@la.example", "b@la.example"]);
}

#[actix_web::test]
async fn a_lost_answer_is_asked_for_again_under_the_same_id() {
    let relay = TestRelay::start(Kind::Plain).await;
    let mailer = mailer(relay.port, &[]);
    let letter = mail("drop@la.example");
    assert_eq!(mailer.send(&letter).await, Outcome::Temporary("dropped"));
    assert_eq!(mailer.send(&letter).await, Outcome::Delivered);
    let ids = relay.seen().headers("drop@la.example", "Message-ID");
    assert_eq!(ids, vec![letter.message_id.clone(); 2]);
}

/// OUT-4: one recipient and one message, whatever stands in the mail.
#[actix_web::test]
async fn no_text_becomes_a_command() {
    let relay = TestRelay::start(Kind::Plain).await;
    let mailer = mailer(relay.port, &[]);
    let corpus = [
        "\r\n.\r\nMAIL FROM:<x@y.example>\r\nRCPT TO:<x@y.example>\r\nDATA\r\n",
        "\n.\nQUIT\n",
        "\r.\r",
        ".",
        "..",
        "\0",
        "\r\nRCPT TO:<x@y.example>",
    ];
    for bad in corpus {
        let letter = Mail { text: format!("a{bad}b\n{bad}"), ..mail("a@la.example") };
        assert_eq!(mailer.send(&letter).await, Outcome::Delivered, "{bad:?}");
        let letter = Mail { subject: format!("a{bad}b"), ..mail("a@la.example") };
        let expected =
            if bad.contains(char::is_control) { Outcome::Technical("not-a-message") } else { Outcome::Delivered };
        assert_eq!(mailer.send(&letter).await, expected, "{bad:?}");
    }
    let seen = relay.seen();
    assert_eq!(seen.taken.len(), corpus.len() + 2);
    assert!(seen.taken.iter().all(|t| t.to == ["a@la.example"]));
    let commands = ["EHLO", "MAIL", "RCPT", "DATA", "NOOP"];
    assert!(seen.lines.iter().all(|l| commands.iter().any(|c| l.starts_with(c))), "{:?}", seen.lines);
    assert!(!seen.lines.iter().any(|l| l.contains("y.example")));
}

#[actix_web::test]
async fn captured_mail_is_whole_private_and_read_back() {
    use std::os::unix::fs::PermissionsExt as _;

    use super::captured::{list, read};

    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("mail");
    let shown = dir.display().to_string();
    let mailer = mailer(1, &[("mail.transport", "capture"), ("mail.capture_dir", shown.as_str())]);
    let letter = mail("a@la.example");
    assert_eq!(mailer.send(&letter).await, Outcome::Delivered);
    let names: Vec<_> =
        std::fs::read_dir(&dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(names, ["20260302T090000.000000Z-a-la.example@dolen.la.example.eml"]);
    let mode = std::fs::metadata(dir.join(&names[0])).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let found = read(&dir, &names[0]).unwrap();
    assert_eq!((found.from.as_str(), found.to.as_str()), ("dolen@la.example", "a@la.example"));
    assert_eq!((&found.subject, &found.text), (&letter.subject, &letter.text));
    assert_eq!(list(&dir, 10).unwrap(), [found]);
}
