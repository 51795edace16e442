// What the tests load of the host in one bundle: everything that hands texts to the editor.
export { createApprovals } from '../../src/host/approvals';
export { askFields } from '../../src/host/ask-fields';
export { pickConnection } from '../../src/host/connect';
export { createLenses } from '../../src/host/files/lenses';
export { confirmProduction } from '../../src/host/production';
export { runRemedy, showFailure } from '../../src/host/show';
export { itemOf, tooltipOf } from '../../src/host/sidebar/items';
export { plainMarkdown } from '../../src/host/ui/markdown';
export { askModal, notify } from '../../src/host/ui/notify';
export { withNotification } from '../../src/host/ui/progress';
export { askText, createPick, pickMany, pickOne } from '../../src/host/ui/prompt';
export { createStatusItem, flash } from '../../src/host/ui/status-item';
export { testMessage, testOutput } from '../../src/host/ui/test-message';
