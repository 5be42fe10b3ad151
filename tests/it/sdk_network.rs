//! The effects of the network on a create, over real sockets and the SDK's own HTTP client: time is not paused here.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use invalidash::domain::batch::{Batch, CallerReference};
use invalidash::domain::distribution::Target;
use invalidash::domain::failure::Failure;
use invalidash::emulator::{Emulator, Options, server};
use invalidash::engine::effect::{Answer, Call, Created};
use invalidash::runtime::cloudfront::CloudFront;
use invalidash::runtime::credentials::Connection;

/// A server that reads so many bytes of a request, says this, and closes the connection.
fn server_that_says(reads: usize, says: &'static [u8]) -> std::io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            answer(stream, reads, says);
        }
    });
    Ok(address)
}

fn answer(mut stream: TcpStream, reads: usize, says: &[u8]) {
    // The client may have gone; then no response is needed.
    let _ = stream.read(&mut vec![0; reads]);
    let _ = stream.write_all(says);
}

fn create() -> Option<Call> {
    let batch = Batch::new(vec!["/a".to_owned()])?;
    let target = Target::from_id("E1A2WTXM7KQ4SV");
    Some(Call::CreateInvalidation {
        target,
        batch,
        reference: CallerReference::new("r-1"),
    })
}

async fn created(url: &str) -> Result<Answer, Failure> {
    let call = create().ok_or_else(|| Failure::Setup("an empty batch".to_owned()))?;
    CloudFront::new(Connection::demo(url)).call(call).await
}

#[tokio::test]
async fn nothing_was_sent_where_no_connection_was_made() -> std::io::Result<()> {
    let closed = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let refused = format!(
        "http://{closed} cannot be reached: the connection was refused; nothing is listening there. Check the \
            network"
    );
    assert_eq!(
        created(&format!("http://{closed}")).await,
        Err(Failure::Unreachable(refused))
    );
    let plain = server_that_says(4096, b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")?;
    let Err(Failure::Unreachable(sentence)) = created(&format!("https://{plain}")).await else {
        unreachable!("a server without TLS gives no secure connection")
    };
    assert!(sentence.contains("the TLS connection failed ("), "{sentence}");
    Ok(())
}

#[tokio::test]
async fn everything_may_have_happened_once_the_request_was_under_way() -> std::io::Result<()> {
    let cut = b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n<Inv";
    for (reads, says, told) in [
        (
            4096,
            b"".as_slice(),
            "the connection broke before the response arrived (connection closed before message completed)",
        ),
        (
            10,
            b"",
            "the connection broke before the response arrived (the connection was reset)",
        ),
        (4096, cut, "the response (201) was truncated"),
        (
            4096,
            b"SSH-2.0-OpenSSH_9.9\r\n",
            "the response was not HTTP (invalid HTTP version parsed)",
        ),
        (
            4096,
            b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n",
            "the response (201) was empty",
        ),
        (
            4096,
            b"HTTP/1.1 302 Found\r\nLocation: http://login.example\r\nContent-Length: 0\r\n\r\n",
            "the response (302) was empty",
        ),
    ] {
        let address = server_that_says(reads, says)?;
        assert_eq!(
            created(&format!("http://{address}")).await,
            Err(Failure::Unknown(told.to_owned()))
        );
    }
    Ok(())
}

/// A server that answers with this head and a body that never ends; it counts what it could send.
fn server_without_an_end(head: &'static str) -> std::io::Result<(String, Arc<AtomicU64>)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    let sent = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&sent);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(head.as_bytes());
            let more = "<Item>/a</Item>".repeat(4096);
            while stream.write_all(more.as_bytes()).is_ok() {
                counted.fetch_add(more.len() as u64, Ordering::Relaxed);
            }
        }
    });
    Ok((address, sent))
}

#[tokio::test]
async fn a_response_that_never_ends_is_not_read_to_its_end() -> std::io::Result<()> {
    let list = || {
        Some(Call::ListInvalidations {
            target: Target::from_id("E1A2WTXM7KQ4SV"),
            marker: None,
        })
    };
    for (call, head, told, mebibytes) in [
        (
            create(),
            "HTTP/1.1 201 Created\r\n\r\n<Invalidation>",
            "the response (201) is larger than 32 MiB, more than CloudFront ever sends; a proxy may have replaced it",
            32,
        ),
        (
            list(),
            "HTTP/1.1 200 OK\r\n\r\n<InvalidationList>",
            "the response (200) is larger than 1 MiB, more than CloudFront ever sends; a proxy may have replaced it",
            1,
        ),
        (
            list(),
            "HTTP/1.1 403 Forbidden\r\n\r\n<ErrorResponse>",
            "the response (403) is larger than 256 KiB, more than CloudFront ever sends; a proxy may have replaced it",
            1,
        ),
        (
            create(),
            "HTTP/1.1 502 Bad Gateway\r\n\r\n<html>",
            "the response (502) is larger than 256 KiB, more than CloudFront ever sends; a proxy may have replaced it",
            1,
        ),
    ] {
        let (address, sent) = server_without_an_end(head)?;
        let call = call.ok_or_else(|| std::io::Error::other("an empty batch"))?;
        let connection = Connection::demo(&format!("http://{address}"));
        let result = CloudFront::new(connection).call(call).await;
        assert_eq!(result, Err(Failure::Unknown(told.to_owned())));
        // The system's buffers hold little compared with this.
        let sent = sent.load(Ordering::Relaxed) / 1024 / 1024;
        assert!(sent < mebibytes + 16, "{sent} MiB of {head:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_create_reaches_the_emulator_over_http() -> std::io::Result<()> {
    let (emulator, listening) = (Arc::new(Emulator::new(Options::default())), server::bind(0)?);
    let url = listening.url();
    let serving = tokio::spawn(listening.serve(Arc::clone(&emulator), std::future::pending()));
    let answer = created(&url).await;
    serving.abort();
    assert!(
        matches!(
            &answer,
            Ok(Answer::Created(Created {
                request_id: Some(_),
                ..
            }))
        ),
        "{answer:?}"
    );
    let creations = emulator.received().creations;
    let sent: Vec<_> = creations
        .iter()
        .map(|made| (made.items.as_slice(), made.received))
        .collect();
    assert_eq!(sent, [(["/a".to_owned()].as_slice(), 1)]);
    Ok(())
}
