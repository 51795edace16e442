import { randomBytes } from 'node:crypto';
import { topicConfigs } from './configs';
import type { Partition } from './partition';

/** A topic with its partitions and the settings that differ from the defaults. */
export class Topic {
	/** As 32 hexadecimal digits. */
	readonly id = randomBytes(16).toString('hex');
	readonly partitions: Partition[] = [];
	readonly configs = new Map<string, string>();

	constructor(readonly name: string) {}

	config(name: string): string {
		return this.configs.get(name) ?? topicConfigs[name]?.value ?? '';
	}

	get isInternal(): boolean {
		return this.name.startsWith('__');
	}

	get isCompacted(): boolean {
		return this.config('cleanup.policy').includes('compact');
	}
}
