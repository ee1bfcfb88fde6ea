//! The codes of problems that programs can meet: one list for the description, with the status of each.

/// A problem: its code, its status, and when it comes.
pub(super) type Known = (&'static str, u16, &'static str);

/// Every code, by status.
pub(super) const PROBLEMS: &[Known] = &[
    ("not_json", 400, "The body is no JSON."),
    ("unreadable_body", 400, "The body could not be read."),
    (
        "bad_query",
        400,
        "A parameter has a value that does not fit; `fields` names it.",
    ),
    (
        "unknown_parameter",
        400,
        "There is no such parameter here; `fields` names it.",
    ),
    (
        "unauthenticated",
        401,
        "There is no token, or it is unknown, expired or revoked.",
    ),
    ("forbidden", 403, "No role of the token's owner includes this."),
    (
        "token_scope_missing",
        403,
        "The owner may do this, the token may not.",
    ),
    (
        "idempotency_answer_withheld",
        403,
        "The key was used; its owner has lost a role since then.",
    ),
    (
        "more_than_own",
        403,
        "The role allows more than one's own roles do.",
    ),
    (
        "above_approval_limit",
        403,
        "The order commits to more than one may approve.",
    ),
    ("not_found", 404, "It does not exist, or is not yours."),
    (
        "order_not_found",
        404,
        "The order does not exist, or is not yours.",
    ),
    (
        "offering_not_found",
        404,
        "The offering does not exist, or is not yours.",
    ),
    (
        "project_not_found",
        404,
        "The project does not exist, or is not yours.",
    ),
    (
        "resource_not_found",
        404,
        "The resource does not exist, or is not yours.",
    ),
    ("action_unknown", 404, "The resource has no action of this name."),
    (
        "action_not_found",
        404,
        "Nobody asked for such an action, or it is not yours.",
    ),
    (
        "event_not_found",
        404,
        "There is no such event, or the webhook is not told of it.",
    ),
    (
        "pdf_not_ready",
        404,
        "The PDF is made soon after the invoice is issued.",
    ),
    (
        "body_too_slow",
        408,
        "The body took too long to arrive; nothing was done.",
    ),
    (
        "action_not_possible",
        409,
        "The action is not possible as things are now: `detail` says why.",
    ),
    (
        "action_over",
        409,
        "The action has ended, or was begun, meanwhile.",
    ),
    (
        "idempotency_key_reused",
        409,
        "The key was used for another request.",
    ),
    (
        "idempotency_under_way",
        409,
        "The first request with this key has not ended.",
    ),
    (
        "version_begun",
        409,
        "The version has begun, so charges may depend on it.",
    ),
    ("order_state", 409, "The state of the order does not allow this."),
    (
        "resource_state",
        409,
        "The state of the resource does not allow this.",
    ),
    ("open_order", 409, "Another order for the resource is open."),
    (
        "not_orderable",
        409,
        "Nothing can be ordered there now; `detail` says why.",
    ),
    (
        "refused_by_rule",
        409,
        "A rule of approval takes no such order; `detail` says why.",
    ),
    ("not_asked", 403, "The order asks somebody else."),
    (
        "own_order",
        403,
        "Whoever has placed the order does not decide on it, by the rule in `detail`.",
    ),
    (
        "decided_already",
        409,
        "One person decides once on a step; others must agree as well.",
    ),
    (
        "too_many_approval_rules",
        409,
        "There are as many rules of approval there as there can be.",
    ),
    ("no_price", 409, "The price cannot be computed."),
    (
        "wrong_outcome",
        409,
        "What is said does not fit what was ordered.",
    ),
    (
        "too_many_webhooks",
        409,
        "There are as many webhooks there as there can be.",
    ),
    ("already_granted", 409, "The person has that role there."),
    ("last_owner", 409, "An organization keeps an owner."),
    ("own_account", 409, "Nobody deactivates themselves."),
    (
        "last_staff",
        409,
        "The installation keeps somebody who operates it.",
    ),
    (
        "organization_changed",
        409,
        "Country or VAT number were changed since they were looked at.",
    ),
    (
        "unknown_time_zone",
        409,
        "The time zone of an organization does not exist; `detail` names it.",
    ),
    ("nothing_to_verify", 409, "The organization names no country yet."),
    ("offering_archived", 409, "The offering is archived."),
    (
        "not_ready",
        409,
        "Something is missing before this can be published; `fields` says what.",
    ),
    (
        "would_break",
        409,
        "An offering that can be ordered would no longer be complete; `fields` says why. Pause it, make all changes, resume it.",
    ),
    (
        "wrong_state",
        409,
        "The state of the offering does not allow this.",
    ),
    ("in_use", 409, "Something uses it."),
    ("month_not_over", 409, "The month is not over."),
    (
        "month_closed",
        409,
        "A closed month would have come to something else; `detail` names it.",
    ),
    (
        "too_many_closed",
        409,
        "So many months are closed since then that they cannot all be compared.",
    ),
    (
        "unpriceable",
        409,
        "A line cannot be priced; `detail` names the resource.",
    ),
    (
        "no_end_date",
        409,
        "A prepaid component needs a term, which a renewal adds; `detail` names the resource.",
    ),
    (
        "amount_too_large",
        409,
        "An amount is larger than a document can hold.",
    ),
    ("job_not_dead", 409, "The job goes on by itself."),
    ("job_already_waiting", 409, "The same work is waiting already."),
    (
        "changed_meanwhile",
        412,
        "It was changed since it was read; read it again.",
    ),
    ("too_large", 413, "The body is larger than 2 MB."),
    (
        "idempotency_answer_too_large",
        413,
        "The answer would be larger than what is kept under a key; nothing was done.",
    ),
    (
        "too_many_lines",
        413,
        "There are more lines than one request may have.",
    ),
    ("content_type", 415, "The body is not declared as JSON."),
    ("invalid_input", 422, "Fields are at fault; `fields` names each."),
    ("limit_out_of_range", 422, "`limit` is not from 1 to 100."),
    (
        "idempotency_key_invalid",
        422,
        "A key has 1 to 200 printable ASCII characters, with blanks inside only.",
    ),
    (
        "order_too_large",
        422,
        "The order would cost more than an invoice can hold.",
    ),
    ("role_does_not_fit", 422, "The role cannot be given there."),
    ("already_over", 422, "The end lies in the past."),
    (
        "usage_too_large",
        422,
        "The use of these days adds up to more than can be shown.",
    ),
    (
        "precondition_required",
        428,
        "A change names the version that it was made against, as `If-Match`.",
    ),
    (
        "idempotency_keys_used_up",
        429,
        "More keys were used within a day than answers are kept.",
    ),
    (
        "busy",
        429,
        "More passwords wait than are looked at at once; `Retry-After` says when to try again.",
    ),
    (
        "too_many_requests",
        429,
        "Too much was sent from one address; `Retry-After` says how many seconds to wait.",
    ),
    (
        "database_full",
        503,
        "The database has no room; nothing was saved.",
    ),
    (
        "database_unavailable",
        503,
        "The database cannot be reached now; nothing was saved.",
    ),
];

/// The problem with this code.
pub(super) fn known(code: &str) -> Option<Known> {
    PROBLEMS.iter().copied().find(|(name, ..)| *name == code)
}

/// The status of a code, with its title, where it is not the one of its family: about the form of requests and about
/// versions, HTTP has statuses of its own.
pub(in crate::rest) fn status_of(code: &str) -> Option<(u16, &'static str)> {
    let (_, status, _) = known(code)?;
    matches!(status, 400 | 412 | 413 | 415 | 428).then(|| (status, meaning(status)))
}

/// What a status means for all its codes.
pub(super) fn meaning(status: u16) -> &'static str {
    match status {
        400 => "The request could not be read",
        401 => "Nobody is known",
        403 => "Not allowed",
        404 => "Not found",
        408 => "It took too long",
        409 => "It clashes with the present state",
        412 => "It was changed meanwhile",
        413 => "Too large",
        415 => "Not JSON",
        422 => "Something that was sent is at fault",
        428 => "The version is missing",
        429 => "Too much at once",
        _ => "Not available now",
    }
}
