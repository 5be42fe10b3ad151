//! The loopback server: how outcomes appear on a socket.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use invalidash::emulator::{Emulator, Fault, Operation, Trouble, server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use crate::emulator::{SHOP, batch, plain};

/// Runs `story` against a server; what it gives back is dropped last.
fn serving(story: impl AsyncFnOnce(Arc<Emulator>, u16)) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let emulator = Arc::new(plain());
        let listening = server::bind(0).unwrap();
        let port = listening.port();
        assert_eq!(listening.url(), format!("http://127.0.0.1:{port}"));
        let (stop, stopped) = oneshot::channel::<()>();
        let serve = tokio::spawn(listening.serve(Arc::clone(&emulator), async { drop(stopped.await) }));
        story(emulator, port).await;
        stop.send(()).unwrap();
        serve.await.unwrap().unwrap();
    });
}

async fn send(port: u16, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Everything until the server closes.
async fn exchange(port: u16, request: &str) -> String {
    let mut answer = Vec::new();
    let _ = send(port, request).await.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
}

fn announced(answer: &str) -> usize {
    let line = answer
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap();
    line.trim().parse().unwrap()
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

const LIST: &str = "/2020-05-31/distribution";

#[test]
fn a_reply_arrives_whole_and_the_connection_is_kept() {
    serving(async |_, port| {
        let answer = exchange(port, &get(LIST)).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert_eq!(body(&answer).len(), announced(&answer));
        let twice = format!(
            "{}{}",
            get("/2020-05-31/distribution/E0").replace("Connection: close\r\n", ""),
            get("/2020-05-31/distribution/E0")
        );
        assert_eq!(exchange(port, &twice).await.matches("HTTP/1.1 404").count(), 2);
    });
}

#[test]
fn a_create_travels_over_the_socket() {
    serving(async |emulator, port| {
        let xml = batch("socket", &["/a"]);
        let post = format!(
            "POST /2020-05-31/distribution/{SHOP}/invalidation HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{xml}",
            xml.len()
        );
        assert!(exchange(port, &post).await.starts_with("HTTP/1.1 201 Created\r\n"));
        let received = emulator.received();
        assert_eq!(received.creations[0].items, ["/a"]);
    });
}

#[test]
fn a_dropped_connection_brings_not_a_byte() {
    serving(async |emulator, port| {
        emulator.inject(Fault::new(Trouble::Drop));
        assert_eq!(exchange(port, &get(LIST)).await, "");
        assert!(exchange(port, &get(LIST)).await.starts_with("HTTP/1.1 200"));
    });
}

#[test]
fn a_cut_body_is_shorter_than_announced() {
    serving(async |emulator, port| {
        for after in [0, 100] {
            emulator.inject(Fault::new(Trouble::CutBody { after }));
            let answer = exchange(port, &get(LIST)).await;
            assert!(announced(&answer) > 100, "{answer}");
            assert_eq!(body(&answer).len(), after);
        }
    });
}

#[test]
fn a_slow_body_arrives_whole_in_the_end() {
    serving(async |emulator, port| {
        let whole = exchange(port, &get(&format!("{LIST}/{SHOP}"))).await;
        emulator.inject(Fault::new(Trouble::SlowBody {
            chunk: 512,
            milliseconds: 1,
        }));
        let slow = exchange(port, &get(&format!("{LIST}/{SHOP}"))).await;
        assert_eq!((body(&slow), announced(&slow)), (body(&whole), announced(&whole)));
    });
}

#[test]
fn a_hanging_call_holds_up_nobody_else() {
    serving(async |emulator, port| {
        emulator.inject(Fault::new(Trouble::Hang).on(Operation::ListDistributions));
        let hanging = send(port, &get(LIST)).await;
        while emulator.calls().is_empty() {
            tokio::task::yield_now().await;
        }
        assert!(exchange(port, &get(LIST)).await.starts_with("HTTP/1.1 200"));
        let mut byte = [0];
        assert_eq!(
            hanging.try_read(&mut byte).map_err(|error| error.kind()),
            Err(std::io::ErrorKind::WouldBlock)
        );
    });
}

#[test]
fn a_delayed_answer_arrives() {
    serving(async |emulator, port| {
        emulator.inject(Fault::new(Trouble::Delay { milliseconds: 5 }));
        assert!(exchange(port, &get(LIST)).await.starts_with("HTTP/1.1 200"));
    });
}

#[test]
fn viewers_reach_the_edge_by_host_or_as_through_a_proxy() {
    serving(async |_, port| {
        let direct = "HEAD /x HTTP/1.1\r\nHost: docs.lumen.example\r\nConnection: close\r\n\r\n";
        let answer = exchange(port, direct).await;
        assert!(
            answer.contains("x-cache: Miss from cloudfront") && body(&answer).is_empty() && announced(&answer) > 0,
            "{answer}"
        );
        let proxied =
            "GET http://docs.lumen.example/x HTTP/1.1\r\nHost: docs.lumen.example\r\nConnection: close\r\n\r\n";
        assert!(exchange(port, proxied).await.contains("x-cache: Hit from cloudfront"));
    });
}

#[test]
fn an_endless_body_is_refused() {
    serving(async |_, port| {
        let head = format!(
            "POST /2020-05-31/distribution/{SHOP}/invalidation HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 20000000\r\n\r\n"
        );
        let mut stream = send(port, &head).await;
        // Not a byte more is sent than the server reads, so that its response is not lost in a reset.
        stream.write_all(&vec![b' '; (16 << 20) + 1]).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 413") && answer.contains("<Code>BatchTooLarge</Code>"),
            "{answer}"
        );
    });
}

#[test]
fn a_port_that_is_taken_is_an_error() {
    let first = server::bind(0).unwrap();
    assert_eq!(
        server::bind(first.port()).map(|_| ()).map_err(|error| error.kind()),
        Err(std::io::ErrorKind::AddrInUse)
    );
}
