//! The longer help texts: examples, files and exit codes.

pub(super) const USAGE: &str = "invalidash [OPTIONS] [TARGET]\n       invalidash [OPTIONS] <COMMAND>";

pub(super) const ABOUT: &str = "A terminal dashboard for Amazon CloudFront cache invalidations";

pub(super) const LONG_ABOUT: &str = "\
A terminal dashboard for Amazon CloudFront cache invalidations.

Lists distributions, checks paths and cache tags as you type, sends them,
and shows invalidations as they go from InProgress to Completed.

Credentials, profiles and regions work as they do in the AWS CLI: the AWS_* variables and the ~/.aws files.";

pub(super) const AFTER_HELP: &str = "Try it without an account: invalidash --demo     More: invalidash --help";

/// The help texts that are separate sections of the manual page, in the order of the long help.
pub(super) const SECTIONS: [(&str, &str); 3] = [
    (
        "Examples",
        "\
invalidash --demo                          try it on sample data, without an account
invalidash --profile prod-admin            the distributions of an account
invalidash www.shop.example                open it on one distribution
invalidash --read-only E2QWRUHEXAMPLE      look around; nothing can be sent
invalidash check '/a b' '/images/*.jpg'    check paths before they are sent",
    ),
    (
        "Exit codes",
        "\
0    done
1    failed
2    wrong usage, or a path that cannot be sent (nothing was sent)
3    refused by CloudFront
4    credentials missing or expired, a profile that does not exist, or AccessDenied
5    timed out (--timeout)
6    the edge is stale (--look)
7    the edge check is inconclusive (--look --strict)
101  a bug; the crash report's path is printed
129, 130, 143  stopped by SIGHUP, SIGINT, SIGTERM",
    ),
    (
        "Files",
        "\
$XDG_CONFIG_HOME/invalidash/config.toml    configuration
$XDG_STATE_HOME/invalidash/                log and ledger
`invalidash info` shows where they are on this machine.",
    ),
];

/// The environment variables that the program reads, with their purpose, for the manual page.
pub(super) const ENVIRONMENT: &str = "\
AWS_PROFILE, AWS_DEFAULT_PROFILE  the profile to use; --profile takes precedence
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN  access keys, used unless --profile is given
AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN, AWS_ROLE_SESSION_NAME  a role assumed with a web identity token, as in GitHub Actions and EKS
AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, AWS_CONTAINER_CREDENTIALS_FULL_URI, AWS_CONTAINER_AUTHORIZATION_TOKEN, \
AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE  container credentials
AWS_REGION, AWS_DEFAULT_REGION  the region to sign requests for; --region takes precedence
AWS_ENDPOINT_URL_CLOUDFRONT, AWS_ENDPOINT_URL, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS  the endpoint to use instead of CloudFront; \
--endpoint-url takes precedence
AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT  use a FIPS or dual-stack endpoint
AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE  the profile files, instead of ~/.aws/config and ~/.aws/credentials
AWS_CA_BUNDLE  a file of certificates to trust in addition to the system's
AWS_MAX_ATTEMPTS, AWS_RETRY_MODE  how, and how often, read requests are retried
AWS_CREDENTIAL_EXPIRATION  when the access keys in the environment expire
HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY  the proxy for CloudFront, edge checks and sitemaps
XDG_CONFIG_HOME, XDG_STATE_HOME  where configuration and state are stored
VISUAL, EDITOR  the editor that F4 opens
NO_COLOR  no colors
INVALIDASH_COMPLETE  set by completion scripts only
INVALIDASH_STATUS, INVALIDASH_ID, ...  set for the command on_completed; see CONFIGURATION";

/// Related pages, for the manual page.
pub(super) const SEE_ALSO: &str = "\
aws(1), jq(1), git-diff(1)

CloudFront Developer Guide, Invalidating files: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Invalidation.html";

pub(super) fn after_long_help() -> String {
    let indented = |text: &str| format!("\n{text}").replace('\n', "\n  ");
    let sections = SECTIONS.map(|(heading, text)| format!("{heading}:{}", indented(text)));
    sections.join("\n\n")
}

pub(super) const DISTRIBUTIONS: &str = "\
Examples:
  invalidash distributions
  invalidash --profile prod-admin distributions --output json | jq -r '.distributions[].id'

Exit codes: 0 listed · 1 failed · 3 refused by CloudFront · 4 credentials or permissions missing";

pub(super) const LIST: &str = "\
The newest invalidations come first. With jsonl and text, rows are printed as each page arrives.

Examples:
  invalidash list --distribution www.shop.example --limit 5
  invalidash list --distribution E2QWRUHEXAMPLE --output jsonl | jq -r 'select(.status != \"Completed\").id'

Exit codes: 0 listed · 1 failed · 2 no such target · 3 refused by CloudFront · 4 credentials or permissions missing";

pub(super) const SHOW: &str = "\
Examples:
  invalidash show --distribution E2QWRUHEXAMPLE I1JLWSDAP8FU89
  invalidash show --distribution www.shop.example I1JLWSDAP8FU89 --output text | invalidash check --paths-from -

Exit codes: 0 shown · 1 failed · 2 no such target · 3 refused by CloudFront · 4 credentials or permissions missing";

pub(super) const CREATE_ABOUT: &str = "\
Check and send an invalidation exactly once, as the dashboard's composer and review do, but without a screen.

Nothing is sent unless every item can be sent and every target is found. Everything is written to the ledger before it is sent,
so `invalidash resume` can finish an interrupted run.

On a terminal, create asks before it sends, unless --yes is given. In a script, anything the guard would ask about is refused; the message
names the flag that allows it.

With --reference KEY the invalidation is created once, no matter how often or on which machine you run this. The CallerReference is made
from the key, the target and the batch number, and if it is sent again, CloudFront returns the earlier invalidation (exit code 0,
\"replayed\": true). Reusing a key for different items is refused (exit code 3). CloudFront does not document how long it remembers a
CallerReference: use a new key for each release. A repeat within two seconds cannot be distinguished from the first request.";

pub(super) const CREATE: &str = "\
Examples:
  invalidash create --distribution www.shop.example /index.html '/en/*' --allow-first-level --wait
  invalidash create --distribution E2QWRUHEXAMPLE --paths-from changed.txt --reference \"deploy-$CI_PIPELINE_ID\" --yes
  invalidash create --distribution E2QWRUHEXAMPLE --from-git HEAD~1..HEAD --map dist/=/ --dry-run
  invalidash create https://www.shop.example/index.html https://docs.example/

Exit codes: 0 sent (with --wait: completed) · 1 failed · 2 wrong usage, or an item that cannot be sent (nothing was sent) · 3 refused by
CloudFront · 4 credentials or permissions missing · 5 timed out · 6 the edge is stale · 7 the edge check is inconclusive (--strict) ·
129, 130, 143 stopped by SIGHUP, SIGINT, SIGTERM";

pub(super) const RESUME: &str = "\
Each invalidation keeps its CallerReference, so nothing is sent twice. Invalidations from other profiles or endpoints are not touched.

Examples:
  invalidash resume
  invalidash resume --wait --timeout 600

Exit codes: 0 sent (with --wait: completed), or nothing was left · 1 failed · 3 refused by CloudFront · 4 credentials or permissions missing ·
5 timed out · 6 the edge is stale · 7 the edge check is inconclusive (--strict) · 129, 130, 143 stopped by SIGHUP, SIGINT, SIGTERM";

pub(super) const WAIT_ABOUT: &str = "\
Wait until invalidations are Completed. There is no time limit unless you set --timeout.

Throttling, service errors and a lost network do not end the wait. On a terminal, one line shows the progress; in a log, each change
gets its own line.";

pub(super) const WAIT: &str = "\
Examples:
  invalidash wait --distribution www.shop.example I1JLWSDAP8FU89
  invalidash wait --all-mine --timeout 600
  invalidash wait --distribution E2QWRUHEXAMPLE I1JLWSDAP8FU89 --look --strict

Exit codes: 0 completed · 1 failed · 2 no such target · 3 refused, or no such invalidation · 4 credentials or permissions missing ·
5 timed out · 6 the edge is stale · 7 the edge check is inconclusive (--strict) · 129, 130, 143 stopped by SIGHUP, SIGINT, SIGTERM";

pub(super) const CHECK_ABOUT: &str = "\
Check paths and cache tags before anything is sent; works offline.

Each line is shown as it would be sent, with any errors and warnings.
In a file, blank lines and lines that start with `# ` (with a space) are ignored; `#tag` is a cache tag.";

pub(super) const CHECK: &str = "\
Examples:
  invalidash check '/index.html' '/en/*' '#product:tv'
  invalidash check --paths-from changed.txt
  git diff --name-only | sed 's|^|/|' | invalidash check --paths-from - --output json

Exit codes: 0 all can be sent · 2 a path cannot be sent, or the file cannot be read";

pub(super) const EMULATOR_ABOUT: &str = "\
Run a local CloudFront emulator in the foreground, for testing.

It listens on 127.0.0.1 only, speaks the CloudFront API, accepts any credentials and stores nothing.
The first line on standard output is `listening on http://127.0.0.1:PORT`. It runs until it is stopped.";

pub(super) const EMULATOR: &str = "\
Examples:
  invalidash emulator
  invalidash emulator --port 0 --distributions 250 --completion-delay 2
  aws --endpoint-url http://127.0.0.1:4555 cloudfront list-distributions

Exit codes: 1 the port cannot be used · 129, 130, 143 stopped by SIGHUP, SIGINT, SIGTERM";

pub(super) const INFO: &str = "\
No secret is read or printed, and the network is not used.

Examples:
  invalidash info
  invalidash --profile prod-admin info --output json";

pub(super) const HISTORY_ABOUT: &str = "\
Show what was sent from this machine, like the dashboard's history page, with the same filter and export.

Only the ledger is read; the network is not used. With jsonl and text, submissions are printed as they are read.";

pub(super) const HISTORY: &str = "\
Examples:
  invalidash history --limit 10
  invalidash history shop rejected
  invalidash history --output jsonl | jq -r 'select(.note == \"release\").invalidation_id'
  invalidash history --export 2026.csv

Exit codes: 0 shown · 1 the ledger cannot be read, or the file cannot be written";

pub(super) const USAGE_ABOUT: &str = "\
Count the paths invalidated in this account this month, by anyone (the first 1,000 per month are free).

With --month, lists the invalidations of every distribution and tenant and reads the paths of each, one request per second.
Results are kept in the ledger: a stopped count resumes where it left off, and a later one reads only new invalidations.
Without --month, no requests are made and the last count is shown.";

pub(super) const USAGE_OF_MONTH: &str = "\
The count is a lower bound (≥) while some targets have not been read, or if the identity lacks one of
cloudfront:ListDistributions, ListDistributionTenants, ListInvalidations, GetInvalidation, or their tenant equivalents.

Examples:
  invalidash usage --month
  invalidash usage --output json | jq .paths

Exit codes: 0 counted or shown · 1 the ledger cannot be read or written · 2 not counted yet · 3, 4 refused, or credentials missing ·
129, 130, 143 stopped by SIGHUP, SIGINT, SIGTERM; the next run resumes";

pub(super) const CONFIG: &str = "\
Without a subcommand, config prints the configuration file with every setting and its default, commented out.

Examples:
  invalidash config > ~/.config/invalidash/config.toml
  invalidash config check
  invalidash config check ci/invalidash.toml --output json

Exit codes: 0 printed, or no errors · 2 an error, or the file cannot be read";

pub(super) const COMPLETIONS_ABOUT: &str = "\
Print a completion script: commands, options, profiles, targets and ids.

Candidates are looked up when you press Tab: profiles in the AWS files; distributions, aliases, tenants and invalidations in the ledger,
which also keeps the last list that the dashboard loaded; saved lists next to the configuration file. The network is never used.";

pub(super) const COMPLETIONS: &str = "\
Examples:
  invalidash completions bash > ~/.local/share/bash-completion/completions/invalidash
  invalidash completions zsh > ~/.zfunc/_invalidash      # with fpath+=~/.zfunc before compinit in ~/.zshrc
  invalidash completions fish > ~/.config/fish/completions/invalidash.fish
  invalidash completions powershell >> $PROFILE
  invalidash completions nushell | save -f ~/.config/nushell/autoload/invalidash.nu";

pub(super) const MAN: &str = "\
Examples:
  invalidash man | man -l -
  invalidash man > ~/.local/share/man/man1/invalidash.1";
