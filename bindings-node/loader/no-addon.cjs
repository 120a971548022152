// For runtimes that load no addons.
'use strict';

module.exports = undefined;
