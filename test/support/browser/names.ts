/**
 * In the page: what can be pressed or filled and has no name. What a field holds, such as the options of a list, is not its name; what
 * stands in a button or link is.
 */
export function nameless(): string[] {
  const words = (label: Element) => {
    const copy = label.cloneNode(true) as Element;
    for (const field of copy.querySelectorAll('input, select, textarea, button')) field.remove();
    return copy.textContent;
  };
  const isNamed = (one: Element) => {
    const own = one.matches('a, button, [role=button]') ? one.textContent : null;
    const labels = [...((one as HTMLInputElement).labels ?? [])].map(words);
    return [one.getAttribute('aria-label'), own, ...labels].some((text) => text?.trim());
  };
  const all = document.querySelectorAll('a, button, input, select, textarea, [role=button]');
  return [...all].filter((one) => !isNamed(one)).map((one) => one.outerHTML);
}
