/** Something a test waits for. (Node 20 has no Promise.withResolvers.) */
export function event<T = void>(): { readonly happened: Promise<T>; readonly report: (value: T) => void } {
  let report: (value: T) => void = () => {};
  const happened = new Promise<T>((resolve) => {
    report = resolve;
  });
  return { happened, report: (value) => report(value) };
}
