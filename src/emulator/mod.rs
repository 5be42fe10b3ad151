//! A local CloudFront.
