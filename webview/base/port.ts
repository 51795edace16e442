import type { Port } from '../../src/base/port';

/** The editor's API for a webview page. It can be acquired only once. */
interface EditorHost {
	postMessage(message: unknown): void;
	setState(state: unknown): void;
}
declare function acquireVsCodeApi(): EditorHost;

const editor = acquireVsCodeApi();

/** The page's end of the port to the host. Only messages of the page's own origin are accepted, not those of other frames. */
export const port: Port = {
	post: (message) => editor.postMessage(message),
	onMessage(listener) {
		const received = (event: MessageEvent<unknown>) => {
			if (event.origin === location.origin) listener(event.data);
		};
		window.addEventListener('message', received);
		return { dispose: () => window.removeEventListener('message', received) };
	},
};

/** Stores the state that the editor passes to the panel serializer after a reload of the window. The host stores everything else. */
export function rememberPage(state: unknown): void {
	editor.setState(state);
}
