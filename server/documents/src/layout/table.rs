//! The lines, grouped by project and resource in the document's order, under a head that every page repeats.

use model::{Fixed, InvoiceLine};

use super::row::{self, Row};
use super::{BOTTOM, Flow, Issued, LEFT, RIGHT, TOP_AGAIN};
use crate::canvas::{HAIRLINE, MUTED, SUBTLE, SUNKEN, Style, TEXT};

const HEAD: Style = Style::regular(7.5, SUBTLE);
const PROJECT: Style = Style::strong(9.0, TEXT);
const PROJECT_SUM: Style = Style::regular(8.5, MUTED);
const RESOURCE: Style = Style::strong(8.5, TEXT);
const PROJECT_HEIGHT: f32 = 21.0;
const RESOURCE_HEIGHT: f32 = 20.0;
/// A row that is taller than this may break across pages.
const UNBROKEN: f32 = (BOTTOM - TOP_AGAIN) / 3.0;

pub(super) fn draw(issued: &Issued<'_>, flow: &mut Flow<'_, '_>) {
    head(issued, flow);
    for project in issued
        .document
        .lines
        .chunk_by(|left, right| left.project_name == right.project_name)
    {
        for (index, resource) in project.chunk_by(same_resource).enumerate() {
            let title = (index == 0).then_some(project);
            self::resource(issued, flow, title, resource);
        }
    }
}

fn same_resource(left: &InvoiceLine, right: &InvoiceLine) -> bool {
    left.resource_id == right.resource_id && left.resource_name == right.resource_name
}

/// A resource's lines, below the project's title where they are its first. Titles stay with the first line.
fn resource(
    issued: &Issued<'_>,
    flow: &mut Flow<'_, '_>,
    project: Option<&[InvoiceLine]>,
    lines: &[InvoiceLine],
) {
    let rows: Vec<Row> = lines
        .iter()
        .map(|line| Row::of(issued, flow.canvas, line))
        .collect();
    let project_height = if project.is_some() { PROJECT_HEIGHT } else { 0.0 };
    let first = rows.first().map_or(0.0, Row::height);
    if !flow.has_room(project_height + RESOURCE_HEIGHT + first.min(UNBROKEN)) {
        break_page(issued, flow);
    }
    if let Some(project) = project {
        project_title(issued, flow, project);
    }
    resource_title(flow, lines.first().map_or("", |line| line.resource_name.as_str()));
    for (index, row) in rows.iter().enumerate() {
        if index > 0 && !flow.has_room(row.height().min(UNBROKEN)) {
            break_page(issued, flow);
            resource_title(
                flow,
                &lines
                    .first()
                    .map_or(String::new(), |line| format!("{}, continued", line.resource_name)),
            );
        }
        row.draw(flow, |flow| break_page(issued, flow));
    }
}

fn project_title(issued: &Issued<'_>, flow: &mut Flow<'_, '_>, lines: &[InvoiceLine]) {
    flow.band(PROJECT_HEIGHT, SUNKEN);
    let name = lines.first().map_or("", |line| line.project_name.as_str());
    let name = if name.is_empty() { "Other charges" } else { name };
    let shown = flow.canvas.wrap(PROJECT, name, 380.0);
    flow.canvas.text(
        LEFT + 7.0,
        flow.y + 14.0,
        PROJECT,
        shown.first().map_or("", String::as_str),
    );
    let sum = lines
        .iter()
        .try_fold(Fixed::ZERO, |sum, line| sum.checked_add(line.amount));
    if let Ok(sum) = sum {
        flow.canvas
            .text_right(RIGHT - 7.0, flow.y + 14.0, PROJECT_SUM, &issued.amount(sum));
    }
    flow.y += PROJECT_HEIGHT;
}

fn resource_title(flow: &mut Flow<'_, '_>, name: &str) {
    if name.is_empty() {
        flow.y += 4.0;
        return;
    }
    let shown = flow.canvas.wrap(RESOURCE, name, RIGHT - LEFT - 14.0);
    flow.canvas.text(
        LEFT + 7.0,
        flow.y + 16.0,
        RESOURCE,
        shown.first().map_or("", String::as_str),
    );
    flow.y += RESOURCE_HEIGHT;
}

/// The column heads.
fn head(issued: &Issued<'_>, flow: &mut Flow<'_, '_>) {
    flow.y += 12.0;
    flow.canvas.text(LEFT + 7.0, flow.y, HEAD, "Description");
    flow.canvas.text_right(row::QUANTITY, flow.y, HEAD, "Quantity");
    flow.canvas
        .text_right(row::UNIT_PRICE, flow.y, HEAD, "Unit price");
    let amount = format!("Amount, {}", issued.document.currency.code());
    flow.canvas.text_right(RIGHT - 7.0, flow.y, HEAD, &amount);
    flow.y += 7.0;
    flow.canvas.rule(LEFT, RIGHT, flow.y, 0.6, HAIRLINE);
}

fn break_page(issued: &Issued<'_>, flow: &mut Flow<'_, '_>) {
    flow.next_page();
    head(issued, flow);
}
