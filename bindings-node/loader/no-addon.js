// For runtimes that load no addons.
export default undefined;
