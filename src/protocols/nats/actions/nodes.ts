import { fail } from '../../../base/failure';
import type { Act } from '../../adapter';
import { nodeName, pairName } from '../browse/nodes';

const bad = (what: string) => fail('bad-node', `This action needs ${what}.`);

/** The stream behind a node of a stream, a bucket or an object store. */
export function streamOfNode({ node }: Pick<Act, 'node'>): string {
	const found = nodeName(node, 'stream', 'bucket', 'store')?.name;
	if (found === undefined) throw bad('a stream, a bucket or an object store');
	return found;
}

export function pairOfNode(
	{ node }: Pick<Act, 'node'>,
	kind: 'consumer' | 'subject' | 'key' | 'object',
): [string, string] {
	const found = pairName(node, kind);
	if (!found) throw bad(`a ${kind}`);
	return found;
}
