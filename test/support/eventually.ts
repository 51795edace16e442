/**
 * Repeats `attempt` until it does not throw. After `withinMs` it throws the last error, told with `what`. The limit ends what
 * will never come; it does not judge speed: a shared machine was seen to stand still for half a minute.
 */
export async function eventually<T>(what: string, attempt: () => T | Promise<T>, withinMs = 90_000): Promise<T> {
	const end = Date.now() + withinMs;
	for (;;) {
		try {
			return await attempt();
		} catch (error) {
			if (Date.now() > end) {
				throw new Error(
					`${what}: not within ${withinMs} ms. ${error instanceof Error ? error.message : String(error)}`,
				);
			}
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}
}
