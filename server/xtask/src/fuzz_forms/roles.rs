//! The nine that try: somebody who is not signed in, and people of the demo content.

/// Who somebody is; none where nobody is signed in.
pub(super) type Role = (&'static str, Option<&'static str>);

pub(super) const ROLES: [Role; 9] = [
    ("visitor", None),
    ("project member", Some("anna.rebane@pohjala.example")),
    ("project manager", Some("kadri.mets@pohjala.example")),
    ("project administrator", Some("taras.bondar@kyiv-data.example")),
    ("organization owner", Some("mari.saar@pohjala.example")),
    ("accountant", Some("peeter.lepp@pohjala.example")),
    ("provider", Some("liis.tamm@nordic-hpc.example")),
    ("support", Some("support@stoa.example")),
    STAFF,
];

pub(super) const STAFF: Role = ("staff", Some("staff@stoa.example"));
