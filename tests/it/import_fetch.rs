//! Sitemaps from a server: followed only on its host, limited in size and time, and cancelled with Esc. Uses real
//! sockets, so real time.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use chrono::DateTime;
use invalidash::app::message::Message;
use invalidash::domain::import::Source;
use invalidash::domain::lint::Context;
use invalidash::emulator::Options;
use invalidash::engine::effect::{Reply, RequestId};
use invalidash::runtime::effects::{Accounts, Effects};
use invalidash::runtime::import::Places;

use crate::support::command::Home;
use crate::support::dashboard::{Person, Stage};
use crate::support::loopback::Loopback;

/// A server on a free port of the loopback, for as long as the test's process lives.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let host = address.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let host = host.clone();
            thread::spawn(move || answer(stream, &host));
        }
    });
    address
}

/// Answers the only request of a connection.
fn answer(mut stream: TcpStream, host: &str) {
    let mut lines = BufReader::new(stream.try_clone().unwrap())
        .lines()
        .map_while(Result::ok);
    let request = lines.next().unwrap_or_default();
    let agent = lines
        .by_ref()
        .take_while(|line| !line.is_empty())
        .any(|line| line.starts_with("user-agent: invalidash/"));
    let path = request.split(' ').nth(1).unwrap_or_default();
    // A proxy receives the whole URL.
    let path = path.strip_prefix("http://shop.invalid").unwrap_or(path);
    let page = |path: &str| format!("<urlset><url><loc>https://www.lumen-shop.example{path}</loc></url></urlset>");
    let ok = |body: &str| {
        format!(
            "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let moved =
        |to: &str| format!("HTTP/1.1 302 Found\r\nconnection: close\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
    let reply = match path {
        _ if !agent => ok("who asks?"),
        "/sitemap.xml" => ok(&format!(
            "<sitemapindex><sitemap><loc>http://{host}/pages.xml</loc></sitemap>\
             <sitemap><loc>http://other.example/x.xml</loc></sitemap></sitemapindex>"
        )),
        "/pages.xml" => ok(&page("/from-a-server")),
        "/moved" => moved("/sitemap.xml"),
        "/away" => moved("http://other.example/sitemap.xml"),
        "/loop" => moved("/loop"),
        "/port" => moved("http://127.0.0.1:1/sitemap.xml?token=1"),
        "/scheme" => moved(&format!("https://{host}/sitemap.xml")),
        "/cut" => "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n<urlset>".to_owned(),
        "/huge" => return flood(&mut stream),
        "/hang" => return thread::sleep(std::time::Duration::from_hours(1)),
        _ => "HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".to_owned(),
    };
    let _ = stream.write_all(reply.as_bytes());
}

/// A body without an end.
fn flood(stream: &mut TcpStream) {
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n");
    let blanks = vec![b' '; 1024 * 1024];
    while stream.write_all(&blanks).is_ok() {}
}

/// Opens the field for a sitemap.
async fn begin(person: &mut Person) {
    person.sees("www.lumen-shop.example").await;
    person.press("i");
    person.sees("Invalidate").await;
    person.press("<c-o><down><down><down><down><enter>");
    person.sees("URL or file").await;
}

#[tokio::test]
async fn a_sitemap_is_fetched_with_its_parts() {
    let stage = Stage::demo();
    let host = serve();
    stage
        .play(async |mut person| {
            begin(&mut person).await;
            person.press(&format!("http://{host}/moved<enter>"));
            person
                .sees("sitemap http://other.example/x.xml: the URL is on another host")
                .await;
            person.sees("/from-a-server").await;
            person.press("<enter>");
            person.sees("1 line from http").await;
        })
        .await;
}

#[test]
fn a_sitemap_is_fetched_through_the_proxy_of_the_environment() {
    let (home, server) = (Home::new().unwrap(), Loopback::new(Options::demo()).unwrap());
    let fetched = |no_proxy: &str| {
        let words = [
            "--endpoint-url",
            &server.url,
            "create",
            "--dry-run",
            "--distribution",
            "E1A2WTXM7KQ4SV",
        ];
        let mut command = home.command_with_keys(&words);
        command.args(["--from-sitemap", "http://shop.invalid/pages.xml"]);
        command
            .env("HTTP_PROXY", format!("http://{}", serve()))
            .env("NO_PROXY", no_proxy);
        let output = command.output().unwrap();
        [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap())
    };
    let [plan, _] = fetched("");
    assert!(plan.contains("/from-a-server"), "{plan}");
    let [_, refusal] = fetched("shop.invalid");
    assert!(
        refusal.starts_with("invalidash: shop.invalid: failed to lookup"),
        "{refusal}"
    );
}

#[tokio::test]
async fn what_a_server_does_wrong_is_a_sentence() {
    let stage = Stage::demo();
    let host = serve();
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    stage
        .play(async |mut person| {
            begin(&mut person).await;
            for (address, sentence) in [
                (
                    format!("http://{host}/nothing"),
                    "127.0.0.1: the server returned 404 Not Found",
                ),
                (
                    format!("http://{host}/away"),
                    "redirects to http://other.example; if you trust",
                ),
                (
                    format!("http://{host}/port"),
                    "redirects to http://127.0.0.1:1; if you trust",
                ),
                (format!("http://{host}/scheme"), "redirects to https://127.0.0.1:"),
                (format!("http://{host}/loop"), "too many redirects (more than 5)"),
                (format!("http://{host}/cut"), "the response was truncated"),
                (format!("http://{host}/huge"), "the response is larger than 64 MiB"),
                (format!("http://{closed}/"), "127.0.0.1: Connection refused"),
                (format!("https://{host}/"), "127.0.0.1: "),
            ] {
                person.press("<c-u>");
                person.press(&address);
                person.press("<enter>");
                person.sees(sentence).await;
            }
        })
        .await;
}

#[tokio::test]
async fn a_server_that_hangs_is_given_up_with_esc() {
    let stage = Stage::demo();
    let host = serve();
    stage
        .play(async |mut person| {
            begin(&mut person).await;
            person.press(&format!("http://{host}/hang<enter>"));
            person.sees("reading http").await;
            person.press("<esc>");
            person.sees("e.g.").await;
            person.press("<esc><esc>");
            person.misses("Import").await;
        })
        .await;
}

#[tokio::test]
async fn a_cancelled_import_is_answered_once() {
    let (replies, mut received) = tokio::sync::mpsc::unbounded_channel();
    let folder = tempfile::tempdir().unwrap();
    let places = Places {
        start: folder.path().to_owned(),
        home: None,
        lists: folder.path().join("lists"),
        profile: None,
    };
    let nowhere = Accounts {
        connect: Arc::new(|_| Box::pin(std::future::pending())),
        plan: Arc::new(|_| Box::pin(std::future::pending())),
        list: Arc::new(|| Box::pin(std::future::pending())),
        stamp: Arc::new(|| 0),
    };
    let mut effects = Effects::new(replies, nowhere, folder.path().to_owned(), places);
    let hang = Source::sitemap(&format!("http://{}/hang", serve()), DateTime::UNIX_EPOCH).unwrap();
    let missing = Source::file("missing.txt").unwrap();
    effects.import(RequestId(1), hang, Context::default());
    effects.cancel_import(RequestId(1));
    effects.cancel_import(RequestId(1));
    effects.import(RequestId(2), missing, Context::default());
    let mut answers = Vec::new();
    while answers.len() < 2 {
        if let Some(Message::Reply(reply)) = received.recv().await
            && let Reply::Imported { request, result } = *reply
        {
            answers.push((request.0, result.unwrap_err()));
        }
    }
    effects.cancel_import(RequestId(2));
    let missing = format!("missing.txt does not exist; looked in {}", folder.path().display());
    assert_eq!(answers, [(1, "cancelled".to_owned()), (2, missing)]);
    assert!(received.try_recv().is_err());
}
