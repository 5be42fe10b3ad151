//! Tests of what counts as a credential.

use std::borrow::Cow;

use proptest::prelude::*;

use super::{is_signed, names, redacted, stripped, without_signature};

#[test]
fn a_signature_is_known_by_its_names_and_not_by_words_that_sites_use() {
    for signed in [
        "/a?X-Amz-Signature=1",
        "/a?x-amz-security-token=FwoG&b=1",
        "https://d1.cloudfront.net/a?Policy=eyJ&Signature=x~y&Key-Pair-Id=K2J",
        "/a?AWSAccessKeyId=AKIA&Expires=1&Signature=x%3D",
        "/a?Expires=1&amp;Signature=x&amp;Key-Pair-Id=K",
        r"/a?Expires=1\u0026Signature=x\u0026Key-Pair-Id=K",
        "/a?X-Amz-Signature=[redacted]",
        "/a?Policy=eyJ&Signature=0123456789012345678901234567890123",
        "/go?to=https%3A%2F%2Fh%2Fa%3Fx-amz-signature%3Dabc",
        "\"https://h/a?v=1\",\"https://h/b?X-Goog-Signature=1\"",
        "https://h/a?v=1,https://h/b?Key-Pair-Id=K",
        "/c/a?sv=2022-11-02&se=2026-01-01T00%3A00Z&sr=b&sp=r&sig=0123456789abcdefghijklmnopqrstuvwxyzABCDEFG%3D",
        "/a?X-Amz-Signature=abc*",
    ] {
        assert!(is_signed(signed), "{signed}");
    }
    for plain in [
        "/a",
        "/a?b=1",
        "/a?policy=public",
        "/a?Signature=x&Expires=1",
        "/a?X-Amz-Signature=*",
        "/a?X-Amz-Signature=",
        "/a?signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef&width=200",
        "/a?sig=short&se=1&sv=2",
        "/X-Amz-Signature=1",
    ] {
        assert!(!is_signed(plain), "{plain}");
        assert_eq!(without_signature(plain), None, "{plain}");
    }
}

#[test]
fn what_is_left_is_the_object_with_its_own_parameters() {
    for (signed, left) in [
        ("/a?X-Amz-Signature=1", "/a"),
        ("/a?v=2&X-Amz-Date=1&X-Amz-Signature=1&w=3", "/a?v=2&w=3"),
        (
            "https://h/a?Expires=1&amp;Signature=x&amp;Key-Pair-Id=K&amp;v=2#top",
            "https://h/a?v=2#top",
        ),
        ("\"https://h/a?Key-Pair-Id=K\",", "\"https://h/a\","),
        (
            "https://h/a?Key-Pair-Id=K,https://h/b?v=1",
            "https://h/a,https://h/b?v=1",
        ),
        (
            "/go?to=%2Fa%3FX-Amz-Date%3D1%26X-Amz-Signature%3Dabc%26v%3D2&w=3",
            "/go?to=%2Fa%3Fv%3D2&w=3",
        ),
        ("/a?X-Amz-Signature=[redacted]&v=2", "/a?v=2"),
        (
            "/c/a?v=2&sv=2022-11-02&se=2026&sr=b&sig=0123456789abcdefghijklmnopqrstuvwxyzABCDEFG%3D",
            "/c/a?v=2",
        ),
    ] {
        assert_eq!(without_signature(signed).as_deref(), Some(left), "{signed}");
    }
    assert_eq!(
        names("/a?v=2&Policy=x&X-Amz-Signature=1&Key-Pair-Id=K"),
        ["Policy", "X-Amz-Signature", "Key-Pair-Id"]
    );
}

#[test]
fn lines_keep_everything_but_their_credentials() {
    let text = "# see https://h/a?X-Amz-Signature=1 and\r\n\thttps://u:p@h/b?c=d  \n/e?f\n";
    assert_eq!(stripped(text), "# see https://h/a and\r\n\thttps://h/b?c=d  \n/e?f\n");
    assert!(matches!(
        stripped("/a?b=1\nmail@h.example\nssh://git@h/x"),
        Cow::Borrowed(_)
    ));
}

#[test]
fn a_server_that_quotes_the_request_is_not_repeated() {
    for (said, shown) in [
        (
            "The Canonical String should have been 'POST\nhost:x\nx-amz-security-token:FwoGZXIv//abc+\n\nhost'",
            "The Canonical String should have been 'POST\nhost:x\nx-amz-security-token:[redacted]\n\nhost'",
        ),
        (
            "in Authorization header: 'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7/20260101/us-east-1/x, \
             SignedHeaders=host, Signature=0123456789abcdef'",
            "in Authorization header: 'AWS4-HMAC-SHA256 Credential=[redacted], SignedHeaders=host, \
             Signature=[redacted]'",
        ),
        (
            "Proxy-Authorization: Basic dXNlcjpwYXNz was refused",
            "Proxy-Authorization: Basic [redacted] was refused",
        ),
        (
            "GET https://u:p@proxy:3128/ failed",
            "GET https://[redacted]@proxy:3128/ failed",
        ),
        ("/a?X-Amz-Signature=abc&b=1", "/a?X-Amz-Signature=[redacted]&b=1"),
        (
            "see /a?Policy=p~q&Signature=x&Key-Pair-Id=K.",
            "see /a?Policy=[redacted]&Signature=[redacted]&Key-Pair-Id=[redacted]",
        ),
    ] {
        assert_eq!(redacted(said), shown);
    }
    for plain in [
        "Signature expired: 20260101T000000Z is now earlier than 20260101T000500Z",
        "no identity-based policy allows the cloudfront:CreateInvalidation action",
        "Signature: authentication failed, policy: none",
        "The request signature we calculated does not match the signature you provided.",
    ] {
        assert_eq!(redacted(plain), plain);
    }
}

proptest! {
    #[test]
    fn what_was_taken_out_is_gone_for_good(text in any::<String>(), secret in "[A-Za-z0-9+/~_-]{12,40}") {
        let line = format!("{text} https://h/a?v=1&X-Amz-Security-Token={secret}&Signature={secret}0 {text}");
        let (bare, shown) = (stripped(&line).into_owned(), redacted(&line).into_owned());
        let left = |kept: &str| kept.matches(&secret).count() > line.matches(&secret).count() - 2;
        prop_assert!(!left(&bare) && !left(&shown), "{bare} {shown}");
        prop_assert_eq!(stripped(&bare).into_owned(), bare.clone());
        prop_assert_eq!(redacted(&shown).into_owned(), shown.clone());
    }
}

proptest! {
    #[test]
    fn a_text_that_is_passed_over_holds_no_credential(
        text in "(x-amz-signature|Authorization|credential|AWS4|policy|[a-zA-Z0-9/._*-]){1,20}",
    ) {
        prop_assert!(super::may_hold_any(&text) || super::places(&text).is_empty(), "{}", text);
    }
}
