//! The maximum sizes of responses: far larger than the service sends, and far smaller than a machine's memory.

use http::Method;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// The limit for a refusal, and for any other response with only a few elements. A longer body is a web page, and only
/// its first 80 characters are shown.
const SMALL: usize = 256 * KIB;

/// The limit for a page of 100 invalidations. With an id, a status and a time each, they take 20 KiB.
const ROWS: usize = MIB;

/// The limit for a page of 100 distributions or tenants, or for a configuration. A configuration with 250 cache
/// behaviors, 100 aliases and 100 origins takes about 200 KiB, but nearly all take less than 5 KiB.
const CONFIGURATIONS: usize = 32 * MIB;

/// The limit for a page of 50 CloudTrail events of at most 256 KiB each.
const EVENTS: usize = 32 * MIB;

/// The limit for an invalidation with its items: 3,000 items of 4,000 characters. Escaping turns some characters into
/// five.
const ITEMS: usize = 32 * MIB;

/// Returns the maximum number of bytes to read from the response to a request. `operation` comes from a header and
/// identifies the operation of a service whose operations all share one path.
pub(super) fn of(method: &str, uri: &str, operation: Option<&str>, status: u16) -> usize {
    let path = uri.split('?').next().unwrap_or_default();
    if !(200..300).contains(&status) {
        SMALL
    } else if operation.is_some_and(|operation| operation.ends_with(".LookupEvents")) {
        EVENTS
    } else if path.ends_with("/invalidation") && method == Method::GET {
        ROWS
    } else if path.contains("/invalidation") {
        ITEMS
    } else if path.contains("/distribution") {
        CONFIGURATIONS
    } else {
        SMALL
    }
}

/// Formats a number of bytes for display.
pub(super) fn in_words(bytes: usize) -> String {
    if bytes < MIB {
        format!("{} KiB", bytes / KIB)
    } else {
        format!("{} MiB", bytes / MIB)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_has_its_bound() {
        let at = |method, path: &str, status| of(method, &format!("https://server/2020-05-31/{path}"), None, status);
        assert_eq!(at("GET", "distribution?MaxItems=100", 200), CONFIGURATIONS);
        assert_eq!(at("POST", "distribution-tenants", 200), CONFIGURATIONS);
        assert_eq!(at("GET", "distribution/E1/invalidation?Marker=I1", 200), ROWS);
        assert_eq!(at("POST", "distribution/E1/invalidation", 201), ITEMS);
        assert_eq!(at("GET", "distribution-tenant/dt_1/invalidation/I1", 200), ITEMS);
        assert_eq!(at("POST", "distribution/E1/invalidation", 400), SMALL);
        assert_eq!(of("POST", "https://sts.amazonaws.com/", None, 200), SMALL);
        let events = Some("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents");
        assert_eq!(of("POST", "http://127.0.0.1:1/", events, 200), EVENTS);
        assert_eq!([SMALL, ROWS].map(in_words), ["256 KiB", "1 MiB"]);
    }
}
