import type { Store } from './store';

declare global {
	interface Window {
		/** The host behind the page, for tests. */
		harness: {
			calls: { name: string; args: unknown[] }[];
			states: unknown[];
			/** Arguments of `enterSecrets` and `keepDraft` of the form. */
			secrets: unknown[][];
			drafts: unknown[][];
			violations: string[];
			store: Store;
			applyTheme(name: string): void;
			arrive(target: string, text: string): number;
			arriveBytes(target: string, bytes: number[]): number;
			arriveRecord(
				target: string,
				text: string,
				values: Record<string, unknown>,
				settlement?: import('../../../src/model/contracts/message').Settlement,
			): number;
			settle(seq: number, settlement: import('../../../src/model/contracts/message').Settlement): void;
			grow(count: number, evict?: number): void;
			state(name: string): void;
			renamed(profile: import('../../../src/model/contracts/panel-api').PanelProfile): void;
			reveal(path: string, compose: boolean, fill?: { verb: string }): void;
			start(what: import('../../../src/model/contracts/panel-api').Start): void;
			fail(): void;
			speaks(protocol: string): void;
			moreBoxes(): void;
			parcel(name: string): void;
			failBrowsing(on: boolean): void;
			answer(text: string): number;
			recordings(changed: Pick<import('../../../src/model/contracts/session').Status, 'recording' | 'history'>): void;
			subscribed(changed: import('../../../src/model/contracts/session').SubscriptionState[]): void;
			secured(security: import('../../../src/model/contracts/session').Security): void;
		};
	}
}
