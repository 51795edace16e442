/** The library has no types of its own. */
declare module '@xmpp/client' {
	interface Client {
		on(event: 'error', heard: (error: Error) => void): void;
		on(event: 'stanza', heard: (stanza: { is(name: string): boolean }) => void): void;
		start(): Promise<unknown>;
		stop(): Promise<unknown>;
	}
	export function client(options: { service: string; domain: string; username: string; password: string }): Client;
}
