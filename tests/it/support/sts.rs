//! An STS on a loopback port that supports a single operation, `GetCallerIdentity`.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How it answers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Manner {
    /// With this account.
    Account(&'static str),
    /// With a refusal.
    Refused,
    /// With something else than XML.
    Nonsense,
    /// Never.
    Silent,
}

/// Serves until the test ends.
pub(crate) struct Sts {
    /// Where it listens.
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Sts {
    pub(crate) fn new(manner: Manner) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = Arc::clone(&seen);
                std::thread::spawn(move || serve(stream, manner, &seen));
            }
        });
        Ok(Self { url, asked })
    }

    /// The bodies of the requests so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn serve(stream: TcpStream, manner: Manner, seen: &Mutex<Vec<String>>) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let body = String::from_utf8_lossy(&body).into_owned();
        seen.lock().unwrap_or_else(PoisonError::into_inner).push(body);
        let (status, text) = match manner {
            Manner::Account(account) => ("200 OK", identity(account)),
            Manner::Refused => ("403 Forbidden", refusal()),
            Manner::Nonsense => ("200 OK", "<html>log in</html>".to_owned()),
            Manner::Silent => {
                std::thread::sleep(Duration::from_mins(5));
                return Ok(());
            }
        };
        let length = text.len();
        let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\n\r\n");
        writer.write_all((head + &text).as_bytes())?;
    }
}

fn identity(account: &str) -> String {
    format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>arn:aws:iam::{account}:user/ci</Arn><UserId>AIDAEXAMPLE</UserId><Account>{account}</Account>\
         </GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>\
         </GetCallerIdentityResponse>"
    )
}

fn refusal() -> String {
    "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
     <Code>InvalidClientTokenId</Code><Message>no</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
        .to_owned()
}
