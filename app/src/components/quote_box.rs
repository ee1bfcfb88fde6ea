//! What an order costs: the first invoice line by line with how each amount came about, a full month, and what comes by use.
//! Drawn by the server and, while a form is filled in, by the browser.

use leptos::prelude::*;
use model::{COMMITMENT, Line, Money as Amount, Quote, QuotePart, UsageNote};

use super::{
    button::{ButtonKind, SubmitButton},
    money::format_money,
    quote::{QuoteLine, QuoteLines, QuoteTotal},
};

/// `with_tax` says whether it is known which tax applies; otherwise amounts are said to be without tax.
#[component]
pub fn QuoteBox(quote: Quote, #[prop(default = true)] with_tax: bool) -> impl IntoView {
    let committed = money(quote.committed());
    let is_change = quote.added_month.is_some();
    let (label, month_label, recurs) = (
        first_label(&quote, is_change),
        month_label(&quote),
        has_months(&quote),
    );
    let tax = tax_words(&quote, with_tax);
    let first = Some(quote.first_invoice).filter(|part| !part.lines.is_empty());
    let first = first.map(|part| view! { <First part=part label=label with_tax=with_tax tax=tax/> });
    let added = quote.added_month.filter(|_| recurs).map(|part| {
        view! {
            <QuoteTotal label="Change a month" note=tax>
                <span data-test="quote-added">{money(payable(&part, with_tax))}</span>
            </QuoteTotal>
        }
    });
    let (usage, notes, month) = (quote.usage, quote.notes, quote.full_month);
    let expected = quote
        .expected
        .map(|part| view! { <Expected part=part with_tax=with_tax tax=tax/> });
    view! {
        <QuoteLines>
            {first} {added}
            {month_label.map(|label| view! {
                <QuoteTotal label=label note=tax>
                    <span data-test="quote-month">{money(payable(&month, with_tax))}</span>
                </QuoteTotal>
            })}
            {usage.into_iter().map(by_use).collect_view()} {expected}
            <QuoteTotal label="Commitment" note=format!("what approvals go by: {COMMITMENT}; without tax")>
                <span data-test="quote-commitment">{committed}</span>
            </QuoteTotal>
        </QuoteLines>
        {notes.into_iter().map(|note| view! { <p class="small muted">{note}</p> }).collect_view()}
    }
    .into_any()
}

/// Whether something recurs, or did before a change.
fn has_months(quote: &Quote) -> bool {
    quote.recurs() || quote.changes_a_month()
}

/// What a full month is called. None where nothing recurs, nor did before a change: beside a price for a whole term, a nought
/// would read as free.
fn month_label(quote: &Quote) -> Option<&'static str> {
    if has_months(quote) {
        Some("A full month")
    } else if quote.usage.is_empty() || !quote.one_time.lines.is_empty() || quote.added_month.is_some() {
        None
    } else {
        Some("A full month, besides what is used")
    }
}

/// Which invoice is the first, or the first that a change changes.
fn first_label(quote: &Quote, is_change: bool) -> String {
    let what = if is_change {
        "Change on the invoice"
    } else {
        "First invoice"
    };
    match quote.first_invoice_month {
        Some(month) if is_change => format!("{what} for {}", month.title()),
        Some(month) => format!("{what}, for {}", month.title()),
        None => what.to_owned(),
    }
}

/// What the use that the buyer expects would cost: an estimate, apart from what is sure.
#[component]
fn Expected(part: QuotePart, with_tax: bool, tax: &'static str) -> impl IntoView {
    let total = money(payable(&part, with_tax));
    view! {
        {part.lines.into_iter().map(line).collect_view()}
        <QuoteTotal label="What you expect to use, a month" note=format!("an estimate, {tax}")>
            <span data-test="quote-expected">{total}</span>
        </QuoteTotal>
    }
    .into_any()
}

/// Posts the form to `action`, which shows it again with the price of what is filled in. For browsers without scripts;
/// with them the price follows by itself.
#[component]
pub fn CalculateAgain(action: &'static str) -> impl IntoView {
    view! {
        <div class="no-js">
            <SubmitButton kind=ButtonKind::Secondary formaction=action full=true attr:data-test="recalculate">
                "Calculate again"
            </SubmitButton>
        </div>
    }
    .into_any()
}

#[component]
fn First(part: QuotePart, label: String, with_tax: bool, tax: &'static str) -> impl IntoView {
    let total = money(payable(&part, with_tax));
    let taxes = part
        .totals
        .taxes
        .into_iter()
        .filter(|one| with_tax && one.is_charged());
    let taxes = taxes.map(|one| view! { <QuoteLine label=one.rate.label()>{money(one.tax)}</QuoteLine> });
    view! {
        {part.lines.into_iter().map(line).collect_view()}
        {taxes.collect_view()}
        <QuoteTotal label=label note=tax>
            <span data-test="quote-first">{total}</span>
        </QuoteTotal>
    }
    .into_any()
}

fn line(line: Line) -> impl IntoView {
    let detail = line.derivation.sentence();
    let less = line.amount.amount.is_sign_negative() && !line.amount.amount.is_zero();
    let label = if less {
        format!("{}: no longer to be paid", line.name)
    } else {
        line.name
    };
    view! {
        <QuoteLine label=label detail=detail>
            {money(line.amount)}
        </QuoteLine>
    }
}

fn by_use(note: UsageNote) -> impl IntoView {
    view! { <QuoteLine label=note.name detail=note.text>"by use"</QuoteLine> }
}

fn payable(part: &QuotePart, with_tax: bool) -> Amount {
    if with_tax {
        part.totals.total
    } else {
        part.totals.net
    }
}

/// What the sums hold of tax: under reverse charge the buyer owes it, and none is in them.
fn tax_words(quote: &Quote, with_tax: bool) -> &'static str {
    match (with_tax, quote.is_reverse_charge()) {
        (false, _) => "without tax",
        (true, true) => "without tax: reverse charge",
        (true, false) => "with tax",
    }
}

fn money(amount: Amount) -> String {
    format_money(amount.amount, amount.currency.code())
}
