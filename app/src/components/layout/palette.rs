//! The shells of the command palette and of the list of keys. The island fills the palette from the links of the page
//! (those with `data-go`), so that the markup does not carry every destination twice.

use leptos::prelude::*;

use crate::components::icon::{Icon, IconView};

#[component]
pub fn Palette() -> impl IntoView {
    view! {
        <dialog id="palette" class="dialog palette" popover="auto" aria-label="Go to or search">
            <div class="palette-input">
                <IconView icon=Icon::Search size=18/>
                <input type="text" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-label="Go to or search" placeholder="Go to, or search the marketplace" autocomplete="off" maxlength="200"/>
                <kbd>"Esc"</kbd>
            </div>
            <div id="palette-list" class="palette-list" role="listbox" aria-label="Places" data-search-icon=""></div>
            <p class="palette-foot no-phone">
                <span><kbd>"↑"</kbd>" "<kbd>"↓"</kbd>" to choose"</span>
                <span><kbd>"Enter"</kbd>" to open"</span>
            </p>
        </dialog>
        <dialog id="keys" class="dialog" popover="auto" aria-labelledby="keys-title">
            <div class="dialog-head">
                <h2 id="keys-title">"Keyboard"</h2>
            </div>
            <div class="dialog-body">
                <dl class="keys">
                    <dt>"Search the marketplace"</dt>
                    <dd><kbd>"/"</kbd></dd>
                    <dt>"Go to anything"</dt>
                    <dd><kbd>"Ctrl"</kbd>" "<kbd>"K"</kbd></dd>
                    <dt>"This list"</dt>
                    <dd><kbd>"?"</kbd></dd>
                </dl>
                <dl class="keys" data-keys-list=""></dl>
            </div>
        </dialog>
    }
    .into_any()
}
