const place = 'shunt-api-key';

/** The API key that was typed, for as long as the tab is open. Never part of an address. */
export const apiKey = {
  get: (): string | null => sessionStorage.getItem(place),
  set: (key: string): void => sessionStorage.setItem(place, key),
  clear: (): void => sessionStorage.removeItem(place),
};
