/** What only the page of a question needs. */

export function wire(page) {}
