/** Does one duty after the other. One that fails is told, and keeps none of the others from being done. */
export async function doApart(duties: Iterable<() => unknown>, onError: (error: unknown) => void): Promise<void> {
  for (const duty of duties) {
    try {
      await duty();
    } catch (error) {
      onError(error);
    }
  }
}
