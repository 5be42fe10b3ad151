//! The table of diagnostics: code, severity, sentence and source are defined only here.

use std::fmt;

use serde::Serialize;

/// The severity of a diagnostic, in ascending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Useful information; the line is most likely correct.
    Info,
    /// The line may be sent, but may not do what the user intended.
    Warning,
    /// The line must not be sent, because it would be refused, or accepted without clearing anything.
    Error,
}

impl Severity {
    /// Returns the word for machine-readable output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One row of [`RULES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The diagnostic's code.
    pub code: Code,
    /// The stable name, in kebab-case.
    pub name: &'static str,
    /// The severity.
    pub severity: Severity,
    /// The message: the cause and the next step, with `{placeholders}` for parts of the line.
    pub sentence: &'static str,
    /// The source of the rule.
    pub source: &'static str,
}

/// Defines [`Code`], [`Code::rule`] and [`RULES`] from a single list, so that they cannot disagree.
macro_rules! rules {
    ($($code:ident $name:literal $severity:ident $sentence:literal $source:expr;)*) => {
        /// The code of a diagnostic. Codes are ordered by importance: the first code of a line is the one to show.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Code {
            $(#[doc = $sentence] $code,)*
        }

        /// Every diagnostic, most important first.
        pub const RULES: &[Rule] = &[$(Rule {
            code: Code::$code,
            name: $name,
            severity: Severity::$severity,
            sentence: $sentence,
            source: $source,
        }),*];

        impl Code {
            /// Returns the code's row in the table.
            #[must_use]
            pub const fn rule(self) -> Rule {
                RULES[self as usize]
            }
        }
    };
}

const PATHS: &str = "CloudFront Developer Guide, What you need to know when invalidating files";
const TAGS: &str = "CloudFront Developer Guide, Invalidate by cache tag";
const RFC: &str = "RFC 1738 §2.2, cited by the CloudFront Developer Guide";
const DEPLOYMENT: &str = "CloudFront Developer Guide, Use CloudFront continuous deployment";
const ACCESS: &str = "CloudFront Developer Guide, Configure secure access and restrict access to content";
const OURS: &str = "observed; CloudFront does not document it";

rules! {
    ControlCharacter "control-character" Error
        "{seen} probably does not belong in the path. Remove it, or type {wire} if it does." RFC;
    ShellExpansion "shell-expansion" Error
        "This looks like a list of root folders, probably because a shell expanded /*. Write /* if you mean the whole site." "invalidations made from shells without quotes around /*";
    ForeignScheme "foreign-scheme" Error
        "CloudFront cannot invalidate {scheme} URLs. Write the path as viewers request it." PATHS;
    HostMismatch "host-mismatch" Error
        "{host} {owner}. Send this to the distribution that owns the host, or keep only the path to clear it here." PATHS;
    WindowsPath "windows-path" Error
        "This is a Windows file path, probably because Git Bash or MSYS2 converted an argument like /x. Write the path as viewers request it." "invalidations made from Git Bash and MSYS2";
    SeveralItems "several-items" Error
        "Enter one item per line. This looks like {count} items; use %20 if a space is part of a path." "aws/aws-sdk-go#223";
    ListSyntax "list-syntax" Error
        "{why}" PATHS;
    TagFormat "tag-format" Error
        "{why}" TAGS;
    TagUnsupported "tag-unsupported" Error
        "{why}" TAGS;
    SignedUrl "signed-url" Error
        "A signed URL contains a credential ({names}), which is never sent or stored. Write {fix}." PATHS;
    InnerWildcard "inner-wildcard" Error
        "* works only as the last character; this line would be refused." PATHS;
    Tilde "tilde" Error
        "A path with ~ or %7E cannot be invalidated. Use a wildcard that stops before it." "aws/aws-sdk-js-v3#4042";
    OverEncoded "over-encoded" Error
        "{escape} is an encoded {char}. CloudFront would accept it but clear nothing." PATHS;
    MissingSlash "missing-slash" Error
        "A path must start with a slash; without one, CloudFront refuses the whole batch." PATHS;
    TooLong "too-long" Error
        "{length} characters exceed the limit of 4,000 for a path. Use a shorter wildcard." PATHS;

    WholeSite "whole-site" Warning
        "Clears everything, so the next requests go to the origin." PATHS;
    UnfilledVariable "unfilled-variable" Warning
        "{seen} is a placeholder that was never filled in, and CloudFront takes it literally. Fill it in, or use a wildcard that stops before it." PATHS;
    RoutePattern "route-pattern" Warning
        "{seen} is a route pattern, which CloudFront takes literally. Write each path, or use a wildcard that stops before it." PATHS;
    LookAlike "look-alike" Warning
        "{seen} only looks like a special character; CloudFront takes it literally." PATHS;
    ListSeparator "list-separator" Warning
        "{why}" "comma-separated lists in issues of deployment tools";
    HtmlEntity "html-entity" Warning
        "{seen} is HTML for {char}, but browsers request the character itself." "HTML Living Standard, named character references";
    FullUrl "full-url" Warning
        "Only the path and the query string are sent: {wire}" PATHS;
    Whitespace "whitespace" Warning
        "{why}" PATHS;
    Encoded "encoded" Warning
        "Sent as {wire}: {changes}." RFC;
    LonePercent "lone-percent" Warning
        "A % that is not part of a %XX escape is sent as %25." RFC;
    DoubleEncoded "double-encoded" Warning
        "{escape} before {rest} is an encoded percent sign, so the path looks double-encoded and would clear nothing. Write {fix}." OURS;
    AmbiguousEncoding "ambiguous-encoding" Warning
        "{why}" OURS;
    Fragment "fragment" Warning
        "Browsers never send the part after #. In this path, # is sent as %23, so it matches only an object with # in its name." RFC;
    Backslash "backslash" Warning
        "\\ is sent as %5C, which browsers never request. Write / if you mean a folder." RFC;
    DotSegments "dot-segments" Warning
        "Browsers resolve . and .. before they send a request, but CloudFront does not, so this clears only what was requested with the dots." OURS;
    DoubleSlash "double-slash" Warning
        "CloudFront does not merge //, so this clears only what was requested with both slashes." OURS;
    OriginPath "origin-path" Warning
        "{origin} is the origin path, which CloudFront adds itself; viewers request {fix}." "aws/aws-cdk#4228";
    SmoothStreaming "smooth-streaming" Warning
        "The cache behavior {pattern} uses Smooth Streaming, so its media files cannot be invalidated, only renamed." PATHS;
    QueryIgnored "query-ignored" Warning
        "{counted} part of the cache key here. With {rest}, this clears nothing. Write {fix}." PATHS;
    TagUnknown "tag-unknown" Warning
        "Cache tags may not be enabled; invalidash needs cloudfront:GetDistribution to check. If they are not, this is billed but clears nothing." TAGS;
    TagWildcard "tag-wildcard" Warning
        "Tags do not support wildcards; * is an ordinary character here." TAGS;
    TagPath "tag-path" Warning
        "This is sent, and billed, as a cache tag. Put a space after # to make it a comment." TAGS;

    FunctionRewrite "function-rewrite" Info
        "The viewer-request {function} may rewrite this path, and CloudFront caches the object under the rewritten path. Invalidate both." PATHS;
    NonAscii "non-ascii" Info
        "Accents have two Unicode forms that look the same; only the {form} one, {wire}, is cleared." "Unicode Standard Annex 15";
    PlusSign "plus-sign" Info
        "A + in a path is a plus sign, but S3 events and forms write a space as +. For a space, use {other}." "Amazon S3 User Guide, event message structure";
    QueryString "query-string" Info
        "{why}" PATHS;
    DirectoryVariants "directory-variants" Info
        "{others} cached separately and not cleared by this." PATHS;
    RootVariants "root-variants" Info
        "{why}" PATHS;
    QueryVariants "query-variants" Info
        "Query strings are part of the cache key here. This clears only {path} itself; {path}?* clears its variants." PATHS;
    WideWildcard "wide-wildcard" Info
        "Clears everything that starts with {prefix}, including {prefix}-x, {prefix}.html and {prefix}2/…" PATHS;
    KeyVariants "key-variants" Info
        "The cache key includes {parts}; one path clears all these variants." PATHS;
    StagingTwin "staging-twin" Info
        "The staging distribution {twin} has its own cache, which this does not clear. Add it as a second target." DEPLOYMENT;
    EdgeBlind "edge-blind" Info
        "The edge check is inconclusive here: {why}." ACCESS;
    PerhapsCovered "perhaps-covered" Info
        "Line {line} probably clears this as well, because * also matches an empty string. Remove this line to save an item." PATHS;
    Covered "covered" Info
        "Already cleared by line {line}; skipped and not billed." PATHS;
    Duplicate "duplicate" Info
        "Same as line {line}; skipped and not billed." PATHS;
}

impl Code {
    /// Returns the stable name, in kebab-case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.rule().name
    }

    /// Returns the severity.
    #[must_use]
    pub const fn severity(self) -> Severity {
        self.rule().severity
    }

    const fn bit(self) -> u64 {
        1 << self as u8
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A set of codes, small enough to store for each of 100,000 lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Codes(u64);

impl Codes {
    /// The empty set.
    pub const NONE: Self = Self(0);
    const ERRORS: u64 = Self::of(Severity::Error);
    const WARNINGS: u64 = Self::of(Severity::Warning);

    /// Returns whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns whether `code` is in the set.
    #[must_use]
    pub const fn contains(self, code: Code) -> bool {
        self.0 & code.bit() != 0
    }

    /// Returns whether any of the codes forbids sending the line.
    #[must_use]
    pub const fn has_error(self) -> bool {
        self.0 & Self::ERRORS != 0
    }

    /// Returns the highest severity in the set.
    #[must_use]
    pub const fn worst(self) -> Option<Severity> {
        if self.has_error() {
            Some(Severity::Error)
        } else if self.0 & Self::WARNINGS != 0 {
            Some(Severity::Warning)
        } else if self.0 != 0 {
            Some(Severity::Info)
        } else {
            None
        }
    }

    /// Returns the codes, most important first.
    pub fn iter(self) -> impl Iterator<Item = Code> {
        // The bit of a code is its index in the table.
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let rule = RULES.get(usize::try_from(rest.trailing_zeros()).ok()?)?;
            rest &= rest - 1;
            Some(rule.code)
        })
    }

    /// Returns whether any of the codes may have a safe fix; otherwise there is no need to look for one.
    pub(crate) const fn may_have_safe_fix(self) -> bool {
        const FIXABLE: Codes = Codes::NONE
            .with(Code::WindowsPath)
            .with(Code::SeveralItems)
            .with(Code::ListSyntax)
            .with(Code::HtmlEntity)
            .with(Code::SignedUrl)
            .with(Code::InnerWildcard)
            .with(Code::OverEncoded)
            .with(Code::MissingSlash)
            .with(Code::FullUrl)
            .with(Code::Whitespace)
            .with(Code::Encoded)
            .with(Code::LonePercent)
            .with(Code::QueryIgnored);
        self.0 & FIXABLE.0 != 0
    }

    /// Returns whether the path needs no change other than its conversion to the wire form.
    pub(crate) const fn is_beyond_question(self) -> bool {
        const CHANGED_ON_THE_WAY: Codes = Codes::NONE
            .with(Code::FullUrl)
            .with(Code::Whitespace)
            .with(Code::Encoded)
            .with(Code::LonePercent);
        self.0 & !CHANGED_ON_THE_WAY.0 & (Self::ERRORS | Self::WARNINGS) == 0
    }

    /// Returns the codes that are also in another set.
    pub(crate) const fn among(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    /// Returns the codes that are warnings.
    pub(crate) const fn warnings(self) -> Self {
        Self(self.0 & Self::WARNINGS)
    }

    /// Returns whether at least one of `others` is in the set.
    pub(crate) const fn any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    pub(crate) const fn with(self, code: Code) -> Self {
        Self(self.0 | code.bit())
    }

    pub(crate) const fn without(self, code: Code) -> Self {
        Self(self.0 & !code.bit())
    }

    /// Returns the codes that are not in `others`.
    pub(crate) const fn except(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    pub(crate) const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    pub(crate) fn set(&mut self, code: Code, present: bool) {
        if present {
            *self = self.with(code);
        }
    }

    const fn of(severity: Severity) -> u64 {
        let mut bits = 0;
        let mut rest = RULES;
        while let [rule, tail @ ..] = rest {
            if rule.severity as u8 == severity as u8 {
                bits |= rule.code.bit();
            }
            rest = tail;
        }
        bits
    }
}

impl From<Code> for Codes {
    fn from(code: Code) -> Self {
        Self(code.bit())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Code, Codes, RULES, Severity};

    #[test]
    fn the_table_is_in_order_of_loudness_and_its_names_are_kebab_case_and_unique() {
        assert!(RULES.is_sorted_by_key(|rule| std::cmp::Reverse(rule.severity)));
        assert!(RULES.len() <= 64, "a set of codes is one machine word");
        let names: HashSet<_> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), RULES.len());
        for rule in RULES {
            assert!(
                rule.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
                "{}",
                rule.name
            );
            assert_eq!(rule.code.rule(), *rule);
            assert!(!rule.source.is_empty());
        }
    }

    #[test]
    fn a_set_knows_its_worst_and_lists_the_loudest_first() {
        let codes = Codes::from(Code::Covered).with(Code::Encoded);
        assert_eq!(codes.worst(), Some(Severity::Warning));
        assert_eq!(codes.iter().collect::<Vec<_>>(), [Code::Encoded, Code::Covered]);
        assert_eq!(codes.without(Code::Encoded).worst(), Some(Severity::Info));
        assert!(codes.with(Code::Tilde).has_error() && !codes.has_error());
        assert_eq!(Codes::NONE.worst(), None);
    }
}
