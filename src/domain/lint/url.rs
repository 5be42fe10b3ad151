//! Reduces the URLs on a line to path and query string, and checks them against the known hosts.

use std::borrow::Cow;

use super::context::{Context, normal_host};
use super::table::Code;

/// A line that is a URL rather than a path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Address<'a> {
    /// The scheme as typed, if there is one.
    pub(crate) scheme: Option<&'a str>,
    /// The host, normalized for comparison; `None` if it cannot be a host.
    pub(crate) host: Option<String>,
    /// The path and query string as typed; at least a slash.
    pub(crate) path: Cow<'a, str>,
}

impl<'a> Address<'a> {
    /// Splits a URL, or returns `None` if the text is a path, whether complete or not.
    pub(crate) fn of(text: &'a str, context: &Context) -> Option<Self> {
        if let Some((scheme, rest)) = scheme(text) {
            let (authority, path) = split(rest);
            return Some(Self {
                scheme: Some(scheme),
                host: host(authority),
                path: path_of(path),
            });
        }
        let (authority, path) = split(text.strip_prefix("//").unwrap_or(text));
        if is_word(authority) && !context.knows_hosts() {
            return None;
        }
        let host = host(authority).filter(|host| is_surely_host(host, context))?;
        Some(Self {
            scheme: None,
            host: Some(host),
            path: path_of(path),
        })
    }

    /// Returns whether the URL has no scheme, or a scheme that CloudFront serves.
    pub(crate) fn is_web(&self) -> bool {
        self.scheme
            .is_none_or(|scheme| scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
    }

    /// Returns the error that makes the path of this URL unusable, if any.
    pub(super) fn error(&self, context: &Context) -> Option<Code> {
        if !self.is_web() {
            return Some(Code::ForeignScheme);
        }
        let ours = self.host.as_deref().and_then(|host| context.owns(host));
        (ours == Some(false)).then_some(Code::HostMismatch)
    }
}

/// Returns whether a word starts with a URL scheme.
pub(super) fn begins_address(text: &str) -> bool {
    scheme(text).is_some()
}

/// Returns whether the first segment of a path could be a host as well as a folder, as in `example.com/x`.
pub(super) fn looks_like_host(segment: &str) -> bool {
    let Some((name, last)) = segment.rsplit_once('.') else {
        return false;
    };
    !name.is_empty() && last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let rest = rest.strip_prefix("//")?;
    let mut bytes = scheme.bytes();
    let begins = bytes.next()?.is_ascii_alphabetic();
    (begins && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))).then_some((scheme, rest))
}

/// Splits off the authority, which ends before the first `/`, `?` or `#`.
fn split(text: &str) -> (&str, &str) {
    text.split_at(text.find(['/', '?', '#']).unwrap_or(text.len()))
}

fn host(authority: &str) -> Option<String> {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(host, |(host, _)| host);
    normal_host(host)
}

/// Returns whether the authority is most likely the name of a folder: it starts with a letter and contains no dot, so
/// it is not a public host. This avoids parsing hosts, which is slow, in the common case of a list of files without a
/// leading slash.
fn is_word(authority: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    authority.starts_with(|c: char| c.is_ascii_alphabetic()) && authority.bytes().all(is_plain)
}

/// Returns whether text without a scheme is certainly a host: either a known host, or text that can be nothing else.
fn is_surely_host(host: &str, context: &Context) -> bool {
    let general = host.ends_with(".cloudfront.net") || (host.starts_with("www.") && host.matches('.').count() > 1);
    general || context.owns(host) == Some(true) || context.owner(host).is_some()
}

/// Returns the path that a browser would request: everything before `#`, but at least a slash.
fn path_of(rest: &str) -> Cow<'_, str> {
    let path = rest.split_once('#').map_or(rest, |(path, _)| path);
    if path.starts_with('/') {
        Cow::Borrowed(path)
    } else {
        Cow::Owned(format!("/{path}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_reduced_to_what_a_browser_asks_for() {
        let context = Context {
            hosts: ["shop.example".to_owned()].into(),
            ..Context::default()
        };
        for (text, path) in [
            ("https://shop.example/a b?x=1#top", "/a b?x=1"),
            ("HTTPS://user:pw@shop.example:8443", "/"),
            ("http://shop.example?x", "/?x"),
            ("shop.example/a", "/a"),
            ("//shop.example/a", "/a"),
            ("d111.cloudfront.net/../x", "/../x"),
        ] {
            let address = Address::of(text, &context);
            assert_eq!(
                address.map(|address| address.path.into_owned()).as_deref(),
                Some(path),
                "{text}"
            );
        }
        for text in [
            "/a",
            "v1.2/app.js",
            "images/logo.png",
            "other.example/a",
            "//other.example/a",
            "://x",
            "1a://x",
        ] {
            assert_eq!(Address::of(text, &context), None, "{text}");
        }
    }

    #[test]
    fn only_a_known_set_of_hosts_can_refuse_one() {
        let ours = Context {
            hosts: ["shop.example".to_owned()].into(),
            ..Context::default()
        };
        let error =
            |text: &str, context: &Context| Address::of(text, context).and_then(|address| address.error(context));
        assert_eq!(error("https://other.example/a", &Context::default()), None);
        assert_eq!(error("https://other.example/a", &ours), Some(Code::HostMismatch));
        assert_eq!(error("https://Shop.Example/a", &ours), None);
        assert_eq!(error("s3://bucket/a", &Context::default()), Some(Code::ForeignScheme));
    }
}
