//! Explains refusals: a single table maps the code that a server returns to what happened, why it usually happens and
//! what to do. The pages, the headless commands and `docs/troubleshooting.md` all take their text from it.

use super::failure::{Failure, Refusal, RefusalKind};

/// The explanation of a refusal. None of the sentences ends with a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The codes with this explanation; the first one is the most common.
    pub codes: &'static [&'static str],
    /// What happened.
    pub what: &'static str,
    /// Why the refusal usually happens.
    pub why: &'static str,
    /// What to do.
    pub next: &'static str,
}

const ACCESS_DENIED: Reason = Reason {
    codes: &["AccessDenied", "AccessDeniedException"],
    what: "You are not allowed to do this",
    why: "No policy of this identity allows the action on this resource, or a policy denies it",
    next: "Add the missing policy statement, or switch to another profile",
};

const CLOCK: Reason = Reason {
    codes: &["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"],
    what: "This machine's clock is wrong",
    why: "AWS accepts requests only within a few minutes of its own time; it often reports this as \
        SignatureDoesNotMatch",
    next: "Set this machine's clock",
};

const REFERENCE_USED: Reason = Reason {
    codes: &[super::failure::REFERENCE_USED],
    what: "The CallerReference was already used",
    why: "An earlier request arrived but its response was lost, or a script uses the same reference for several \
        lists",
    next: "Use a new reference for different items (invalidash looks up the earlier invalidation automatically)",
};

const TABLE: &[Reason] = &[
    ACCESS_DENIED,
    Reason {
        codes: &["ExpiredToken", "ExpiredTokenException"],
        what: "The credentials have expired",
        why: "Temporary credentials expire after minutes or hours",
        next: "Log in again (`aws sso login`, `aws login`), or switch to another profile",
    },
    Reason {
        codes: &["InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure"],
        what: "AWS does not recognize this access key",
        why: "It was deleted or deactivated, its session token is missing, or it belongs to another partition (GovCloud, China)",
        next: "Log in again (`aws sso login`, `aws login`), or correct the profile's keys",
    },
    Reason {
        codes: &[
            "SignatureDoesNotMatch",
            "InvalidSignatureException",
            "IncompleteSignature",
        ],
        what: "The signature does not match",
        why: "The secret key is wrong, or a proxy changes requests",
        next: "Correct the profile's secret key or log in again, then check the proxy",
    },
    CLOCK,
    Reason {
        codes: &["MissingAuthenticationToken"],
        what: "The request arrived without a signature",
        why: "A proxy removed the Authorization header",
        next: "Check the proxy",
    },
    Reason {
        codes: &["OptInRequired"],
        what: "The account has no access to CloudFront",
        why: "It is new, suspended or closed",
        next: "Check the account in the AWS console, or switch to another profile",
    },
    Reason {
        codes: &["NoSuchDistribution"],
        what: "There is no such distribution in this account",
        why: "It was deleted, or it belongs to another account",
        next: "Check the id, the profile and the endpoint",
    },
    Reason {
        codes: &["EntityNotFound"],
        what: "There is no such distribution tenant in this account",
        why: "It was deleted, or it belongs to another account",
        next: "Check the id, the profile and the endpoint",
    },
    Reason {
        codes: &["NoSuchInvalidation"],
        what: "CloudFront has no such invalidation",
        why: "It belongs to another target, or is too old",
        next: "Check the target, the profile and the endpoint",
    },
    Reason {
        codes: &[super::failure::TOO_MANY],
        what: "Too many invalidations are in progress",
        why: "CloudFront processes at most 3,000 paths and 15 wildcards per distribution at a time",
        next: "Wait until the dashboard or `create` has retried with the same CallerReference",
    },
    Reason {
        codes: &super::failure::THROTTLED,
        what: "Too many requests",
        why: "All programs in an account share its request rate limit",
        next: "Wait a moment while the dashboard or `create` retries at a slower rate",
    },
    Reason {
        codes: &["BatchTooLarge"],
        what: "The request contains too many items",
        why: "CloudFront accepts fewer items per request in this account",
        next: "Send fewer items per request, as the dashboard and `create` do automatically",
    },
    REFERENCE_USED,
    Reason {
        codes: &["InvalidArgument"],
        what: "CloudFront rejected something in the request",
        why: "One of the items is not valid, and CloudFront does not say which one",
        next: "Edit the items and send them again, or check the profile and the endpoint",
    },
    Reason {
        codes: &["MalformedXML", "InconsistentQuantities", "MissingBody"],
        what: "CloudFront cannot read the request",
        why: "A proxy changed it, or invalidash has a bug",
        next: "Try without the proxy, or report a bug with the request id",
    },
    Reason {
        codes: &["InvalidNextTokenException"],
        what: "CloudTrail rejected the next-page token",
        why: "The search took too long, or the response was changed in transit",
        next: "Look up the event again",
    },
    Reason {
        codes: &[
            "InvalidLookupAttributesException",
            "InvalidTimeRangeException",
            "InvalidMaxResultsException",
        ],
        what: "CloudTrail rejected the search",
        why: "The server is not CloudTrail, or invalidash has a bug",
        next: "Check the endpoint, or report a bug with the request id",
    },
    Reason {
        codes: &["OperationNotPermittedException", "UnsupportedOperationException"],
        what: "CloudTrail event history is not available",
        why: "This partition, region or server has no event history",
        next: "Check the account's own trail",
    },
];

const OTHER: Reason = Reason {
    codes: &[],
    what: "CloudFront refused the request",
    why: "See CloudFront's message for the reason",
    next: "Check the profile and the endpoint, or contact AWS Support with the request id",
};

/// The remedy when a server refuses to issue credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cure {
    /// The user has to log in.
    LogIn,
    /// The problem is temporary.
    Wait,
    /// Something has to be changed: the profile, or a permission.
    Change,
}

/// The reason why IAM Identity Center or STS issues no credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyReason {
    /// The codes with this reason.
    pub codes: &'static [&'static str],
    /// The remedy.
    pub cure: Cure,
    /// Why it usually happens.
    pub why: &'static str,
    /// What to do.
    pub next: &'static str,
}

const OF_KEYS: &[KeyReason] = &[
    KeyReason {
        codes: &[
            "TooManyRequestsException",
            "ThrottlingException",
            "Throttling",
            "SlowDown",
            "RequestLimitExceeded",
        ],
        cure: Cure::Wait,
        why: "The service is receiving too many requests",
        next: "Try again in a moment",
    },
    KeyReason {
        codes: &[
            "InternalServerException",
            "InternalServerError",
            "InternalFailure",
            "InternalError",
            "ServiceUnavailable",
        ],
        cure: Cure::Wait,
        why: "The service had an internal error",
        next: "Try again in a moment",
    },
    KeyReason {
        codes: &["ForbiddenException", "ResourceNotFoundException"],
        cure: Cure::Change,
        why: "You are not assigned to this account with this role in IAM Identity Center",
        next: "Correct sso_account_id and sso_role_name, or have the role assigned to you",
    },
    KeyReason {
        codes: &["AccessDenied", "AccessDeniedException"],
        cure: Cure::Change,
        why: "The role does not exist, or its trust policy does not allow this identity, this external id or a login without MFA",
        next: "Correct role_arn, or have the trust policy changed",
    },
    KeyReason {
        codes: &["ExpiredToken", "ExpiredTokenException"],
        cure: Cure::LogIn,
        why: "The credentials used to assume the role have expired",
        next: "Renew the credentials, then try again",
    },
    KeyReason {
        codes: &[
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "SignatureDoesNotMatch",
            "InvalidSignatureException",
        ],
        cure: Cure::LogIn,
        why: "AWS does not recognize the credentials used to assume the role",
        next: "Correct them in the source profile",
    },
    KeyReason {
        codes: &["RegionDisabledException"],
        cure: Cure::Change,
        why: "STS is not active in this region for the account",
        next: "Use another region, or activate STS there in the IAM console",
    },
    KeyReason {
        codes: &["InvalidIdentityToken", "IDPCommunicationError", "IDPRejectedClaim"],
        cure: Cure::Change,
        why: "The web identity token is not accepted by the role's identity provider",
        next: "Check the token file and the identity provider",
    },
];

/// Returns the reason why no credentials were issued, based on any known code in the error from the server or the SDK.
#[must_use]
pub fn of_keys(told: &str) -> Option<&'static KeyReason> {
    let names = |code: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric();
        told.match_indices(code).any(|(at, _)| {
            let (before, after) = (&told[..at], &told[at + code.len()..]);
            !before.ends_with(is_part) && !after.starts_with(is_part)
        })
    };
    OF_KEYS
        .iter()
        .find(|reason| reason.codes.iter().any(|code| names(code)))
}

/// Returns all explanations, in the order of the documentation.
pub fn all() -> impl Iterator<Item = &'static Reason> {
    TABLE.iter()
}

impl Refusal {
    /// Returns the explanation of the refusal.
    #[must_use]
    pub fn reason(&self) -> &'static Reason {
        match self.kind() {
            RefusalKind::ClockSkew => &CLOCK,
            RefusalKind::ReferenceClash => &REFERENCE_USED,
            _ => {
                let mut rows = TABLE.iter();
                rows.find(|reason| reason.codes.contains(&self.code.as_str()))
                    .unwrap_or(&OTHER)
            }
        }
    }
}

/// Describes which action is not allowed: `You are not allowed to list distributions`.
#[must_use]
pub fn denied(operation: &str) -> String {
    let operation = operation.strip_prefix("cloudfront:").unwrap_or(operation);
    let words = match operation.strip_suffix("ForDistributionTenant").unwrap_or(operation) {
        "ListDistributions" => "list distributions",
        "ListDistributionTenants" => "list tenants",
        "ListInvalidations" => "list invalidations",
        "GetDistribution" => "read the distribution",
        "GetDistributionTenant" | "GetDistributionTenantByDomain" => "read the tenant",
        "GetInvalidation" => "read invalidations",
        "CreateInvalidation" => "create invalidations",
        super::trail::RIGHT => "look up events in CloudTrail",
        _ => return format!("You are not allowed to use {operation}"),
    };
    format!("You are not allowed to {words}")
}

impl Failure {
    /// Explains why a refusal usually happens and what to do. Returns `None` for other failures, because their own
    /// sentences already explain this.
    #[must_use]
    pub fn advice(&self) -> Option<String> {
        let reason = self.refusal()?.reason();
        Some(format!("{}. {}", reason.why, reason.next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(code: &str, message: &str) -> Refusal {
        Refusal {
            code: code.to_owned(),
            message: message.to_owned(),
            http_status: 403,
            request_id: None,
        }
    }

    #[test]
    fn a_code_stands_in_one_row_and_every_sentence_is_one() {
        let mut met = std::collections::BTreeSet::new();
        for reason in all().chain([&OTHER]) {
            assert!(reason.codes.iter().all(|code| met.insert(*code)), "{reason:?}");
            // The text after a semicolon is the program's next step.
            assert!(!reason.next.contains(';'), "{}", reason.next);
            for text in [reason.what, reason.why, reason.next] {
                assert!(!text.is_empty() && !text.ends_with('.'), "{text}");
            }
        }
    }

    #[test]
    fn a_code_is_found_as_a_word_of_its_own() {
        for (told, cure) in [
            ("unhandled error (ThrottlingException)", Some(Cure::Wait)),
            ("TooManyRequestsException: slow down", Some(Cure::Wait)),
            ("AccessDenied: User: arn:x", Some(Cure::Change)),
            ("ExpiredTokenException", Some(Cure::LogIn)),
            ("MyAccessDeniedThing", None),
            ("", None),
        ] {
            assert_eq!(of_keys(told).map(|reason| reason.cure), cure, "{told}");
        }
    }

    #[test]
    fn every_code_that_is_sorted_has_words() {
        for (code, message, what) in [
            ("AccessDenied", "", "You are not allowed to do this"),
            ("SignatureDoesNotMatch", "", "The signature does not match"),
            (
                "SignatureDoesNotMatch",
                "Signature expired: x",
                "This machine's clock is wrong",
            ),
            (
                "InvalidArgument",
                "invalid path",
                "CloudFront rejected something in the request",
            ),
            (
                "InvalidArgument",
                "a caller reference that",
                "The CallerReference was already used",
            ),
            ("TeapotException", "", "CloudFront refused the request"),
        ] {
            assert_eq!(refusal(code, message).reason().what, what, "{code} {message}");
        }
        assert_eq!(
            denied("cloudfront:CreateInvalidationForDistributionTenant"),
            "You are not allowed to create invalidations"
        );
        assert_eq!(denied("TagResource"), "You are not allowed to use TagResource");
        assert_eq!(
            denied("cloudtrail:LookupEvents"),
            "You are not allowed to look up events in CloudTrail"
        );
    }
}
