/**
 * The answer of a request also where a part of it is an error: the library rejects then, and keeps the answer in the error.
 * The caller looks at the error code of each part.
 */
export async function answerOf<Response>(request: Promise<Response>): Promise<Response> {
	try {
		return await request;
	} catch (error) {
		const { response } = (error ?? {}) as { response?: Response };
		if (response === undefined || response === null) throw error;
		return response;
	}
}
