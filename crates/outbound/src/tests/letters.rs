//! Against a mail server of a few lines.

use kernel::Timestamp;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

use crate::{Door, DoorSettings, Letter, MailSettings, MailTls, OutboundError};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Takes letters; refuses whoever is called `nobody`. What it was told comes through the channel.
async fn listener() -> (u16, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (told, heard) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, told.clone()));
        }
    });
    (port, heard)
}

async fn talk(mut stream: TcpStream, told: mpsc::UnboundedSender<String>) {
    let (reading, mut writing) = stream.split();
    let mut lines = BufReader::new(reading).lines();
    writing.write_all(b"220 ready\r\n").await.unwrap();
    let mut in_letter = false;
    while let Ok(Some(line)) = lines.next_line().await {
        let answer = match line.as_str() {
            "." if in_letter => {
                in_letter = false;
                "250 taken"
            }
            _ if in_letter => "",
            "DATA" => {
                in_letter = true;
                "354 go on"
            }
            "QUIT" => "221 bye",
            line if line.contains("nobody@") => "550 nobody here",
            _ => "250 fine",
        };
        told.send(line).unwrap();
        if !answer.is_empty() {
            writing.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
        }
    }
}

fn settings(port: u16, tls: MailTls) -> DoorSettings {
    DoorSettings {
        allow: vec![format!("localhost:{port}")],
        mail: Some(MailSettings {
            host: "localhost".to_owned(),
            port,
            tls,
            user: None,
            from: "校安 <xiaoan@shizong.example.cn>".to_owned(),
        }),
    }
}

fn letter(to: &str) -> Letter {
    Letter {
        to: vec![to.to_owned()],
        subject: "校安提醒".to_owned(),
        text: "2 件隐患逾期".to_owned(),
        id: "0198".to_owned(),
        at: Timestamp(1_772_413_200_000),
    }
}

#[test]
fn a_letter_arrives_and_a_refusal_has_its_code() {
    runtime().block_on(async {
        let (port, mut heard) = listener().await;
        let door = Door::open(settings(port, MailTls::None)).unwrap();
        door.mail(&letter("office@shizong.example.cn")).await.unwrap();
        let mut said = Vec::new();
        while let Ok(line) = heard.try_recv() {
            said.push(line);
        }
        let said = said.join("\n");
        assert!(said.contains("RCPT TO:<office@shizong.example.cn>"), "{said}");
        assert!(said.contains("Message-ID: <0198@shizong.example.cn>"), "{said}");
        assert!(said.contains("Date: Mon, 02 Mar 2026"), "{said}");
        assert_eq!(door.mail(&letter("nobody@shizong.example.cn")).await, Err(OutboundError::Mail(550)));
    });
}

#[test]
fn nothing_is_said_in_the_clear_when_encryption_was_asked_for() {
    runtime().block_on(async {
        let (port, mut heard) = listener().await;
        let door = Door::open(settings(port, MailTls::StartTls)).unwrap();
        assert!(door.mail(&letter("office@shizong.example.cn")).await.is_err());
        while let Ok(line) = heard.try_recv() {
            assert!(!line.starts_with("MAIL") && !line.starts_with("AUTH"), "{line}");
        }
    });
}

#[test]
fn a_mail_server_must_be_named() {
    let refused = |change: fn(&mut DoorSettings)| {
        let mut settings = settings(25, MailTls::None);
        change(&mut settings);
        Door::open(settings).err()
    };
    assert_eq!(refused(|settings| settings.allow.clear()), Some(OutboundError::NotAllowed));
    assert_eq!(refused(|s| s.allow = vec!["localhost".to_owned()]), Some(OutboundError::NotEncrypted));
    assert_eq!(refused(|s| s.mail.as_mut().unwrap().from = "nobody".to_owned()), Some(OutboundError::Shape));
    assert_eq!(refused(|_| ()), None);
}
