/**
 * Repeats `attempt` until it does not throw. After `withinMs` it throws the last error, told with `what`. The limit ends what
 * will never come; it does not judge speed: a shared machine was seen to stand still for half a minute.
 */
export async function eventually<T>(what: string, attempt: () => T | Promise<T>, withinMs = 90_000): Promise<T> {
	const end = Date.now() + withinMs;
	// What is nearly there is not waited for long; what takes its time is not asked all the time.
	for (let pause = 5; ; pause = Math.min(100, pause * 1.5)) {
		try {
			return await attempt();
		} catch (error) {
			if (Date.now() > end) {
				throw new Error(
					`${what}: not within ${withinMs} ms. ${error instanceof Error ? error.message : String(error)}`,
				);
			}
			await new Promise((resolve) => setTimeout(resolve, pause));
		}
	}
}
