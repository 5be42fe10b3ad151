//! Edge checks: the stale page, the invalidation and the fresh page as the user sees them; and the client that sends
//! the requests.

#![expect(clippy::unwrap_used, reason = "a test may end where it fails")]

use invalidash::domain::edge::{Address, Method};
use invalidash::domain::options::EdgeOptions;
use invalidash::emulator::{Fault, Operation, Options, Trouble};
use invalidash::runtime::edge::Edge;

use crate::support::dashboard::{Person, Stage};
use crate::support::loopback::Loopback;

/// Composes these items for the shop and goes as far as the review.
async fn review(person: &mut Person, items: &str) {
    person.sees("www.lumen-shop.example").await;
    person.reviews(items).await;
}

#[tokio::test(start_paused = true)]
async fn a_stale_page_is_seen_invalidated_and_seen_fresh() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            review(&mut person, "/index.html").await;
            person.press("v");
            let before = person.sees("Hit ").await;
            assert!(before.contains("www.lumen-shop.example/index.html"), "{before}");
            person.waits(1).await;
            person.press("<esc><enter>");
            person.sees("Completed after").await;
            person.press("v");
            let after = person.sees("fresh").await;
            assert!(
                after.contains("fetched from the origin just now; the content changed"),
                "{after}"
            );
            assert!(after.contains("before") && after.contains("Miss"), "{after}");
            assert!(
                after.contains("browsers may show their own copy for up to 5 min"),
                "{after}"
            );
            assert!(after.contains("checked only at FRA56-P9"), "{after}");
            person.waits(10).await;
            person.press("v");
            person.sees("fetched 10 s ago, after the invalidation").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_copy_older_than_the_invalidation_is_called_stale() {
    // CloudFront reports Completed at once but never clears the edge, which the age of the copy reveals.
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            review(&mut person, "/index.html").await;
            person.press("<enter>");
            person.sees("InProgress").await;
            person.press("v");
            let screen = person.sees("stale").await;
            assert!(screen.contains("X-Amz-Cf-Id "), "{screen}");
            assert!(
                screen.contains("not Completed yet, so other edge locations"),
                "{screen}"
            );
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_asked_says_why_and_nothing_is_sent() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            review(&mut person, "/nothing-known*").await;
            person.press("v");
            person.sees("/nothing-known*: no known URLs match").await;
        })
        .await;
    assert_eq!(stage.emulator.received().operations.get(&Operation::Edge), None);
}

#[tokio::test(start_paused = true)]
async fn a_look_by_itself_after_completed_is_told_and_never_asks_for_more_than_was_allowed() {
    let mut stage = Stage::demo();
    stage.preferences.engine.edge = EdgeOptions {
        method: Method::Head,
        requests: 2,
        after_completed: true,
    };
    stage
        .play(async |mut person| {
            review(&mut person, "/index.html\n/css/app.css\n/js/app.js").await;
            person.press("<enter>");
            person.sees("fresh at the edge: 2 of 2 URLs checked").await;
        })
        .await;
    assert_eq!(stage.emulator.received().operations.get(&Operation::Edge), Some(&2));
}

#[tokio::test(start_paused = true)]
async fn an_edge_that_does_not_answer_is_no_proof() {
    let stage = Stage::demo();
    stage.emulator.inject(Fault::new(Trouble::Hang).on(Operation::Edge));
    stage
        .play(async |mut person| {
            review(&mut person, "/index.html").await;
            person.press("v");
            person.sees("no response within 10 s").await;
        })
        .await;
}

fn address(path: &str) -> Address {
    Address {
        host: "www.lumen-shop.example".to_owned(),
        path: path.to_owned(),
    }
}

#[test]
fn an_emulator_on_this_machine_is_asked_at_its_own_address_with_the_viewer_s_host() {
    let loopback = Loopback::new(Options::demo()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let edge = Edge::of_endpoint(Some(&loopback.url));
    runtime.block_on(async {
        let page = edge.visit(&address("/index.html"), Method::Get, None).await.unwrap();
        assert_eq!(
            (page.status, page.cache_word(), page.pop.as_deref()),
            (200, Some("Hit"), Some("FRA56-P9"))
        );
        assert_eq!(page.body.as_ref().map(String::len), Some(64));
        let head = edge.visit(&address("/index.html"), Method::Head, None).await.unwrap();
        assert_eq!((head.etag, head.body), (page.etag, None));
        let missing = edge.visit(&address("/missing.html"), Method::Get, None).await.unwrap();
        assert_eq!((missing.status, missing.cache_word()), (404, Some("Error")));
    });
    drop(loopback);
    let gone = runtime.block_on(edge.visit(&address("/index.html"), Method::Get, None));
    assert!(
        gone.as_ref().is_err_and(|reason| reason.starts_with("no response: ")),
        "{gone:?}"
    );
}

#[test]
fn a_path_that_no_url_can_hold_is_an_answer_too() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let edge = Edge::of_endpoint(Some("http://127.0.0.1:1"));
    let refused = runtime.block_on(edge.visit(&address("/a b"), Method::Get, None));
    assert!(
        refused
            .as_ref()
            .is_err_and(|reason| reason.contains("cannot be requested")),
        "{refused:?}"
    );
}

/// Answers every connection with these bytes, and tells how many there were.
async fn served(answer: String) -> (String, std::sync::Arc<std::sync::atomic::AtomicUsize>) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let count = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let mut request = [0; 4_096];
            let _ = stream.read(&mut request).await;
            // The client may have read enough and gone.
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (url, count)
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (other, visited) = served(String::new()).await;
    let answer = format!(
        "HTTP/1.1 301 Moved\r\nlocation: {other}/elsewhere\r\nx-amz-cf-pop: FRA56-P9\r\ncontent-length: 0\r\n\r\n"
    );
    let (url, _) = served(answer).await;
    let edge = Edge::of_endpoint(Some(&url));
    let sight = edge.visit(&address("/a"), Method::Get, None).await.unwrap();
    assert_eq!(
        (sight.status, sight.location),
        (301, Some(format!("{other}/elsewhere")))
    );
    assert_eq!(visited.load(std::sync::atomic::Ordering::SeqCst), 0);
}

#[tokio::test]
async fn of_a_huge_or_torn_body_the_headers_are_enough() {
    let huge = "x".repeat(1_000_000);
    for (name, length, body) in [("huge", huge.len(), huge.as_str()), ("torn", 500, "torn")] {
        let head = format!(
            "HTTP/1.1 200 OK\r\nx-cache: Hit from cloudfront\r\nage: 7\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
        );
        let (url, _) = served(format!("{head}{body}")).await;
        let sight = Edge::of_endpoint(Some(&url))
            .visit(&address("/a"), Method::Get, None)
            .await
            .unwrap();
        assert_eq!(
            (sight.age, sight.body, sight.content_length),
            (Some(7), None, Some(length as u64)),
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_real_edge_is_asked_over_tls_alone() {
    let (url, _) = served("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned()).await;
    let plain = Address {
        host: url.trim_start_matches("http://").to_owned(),
        path: "/".to_owned(),
    };
    for endpoint in [
        None,
        Some("https://cloudfront.amazonaws.com"),
        Some("http://10.0.0.1:4566"),
    ] {
        let refused = Edge::of_endpoint(endpoint).visit(&plain, Method::Get, None).await;
        assert!(refused.is_err(), "{endpoint:?}: {refused:?}");
    }
}
