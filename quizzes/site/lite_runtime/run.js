// @ts-check
/** A plugin of JupyterLab that runs the notebook once it is open, since learners have come to answer and not to run code. */
{
  const plugin = {
    id: "project-or-operation:run",
    autoStart: true,
    /** @param {any} app */
    activate(app) {
      const timer = setInterval(async () => {
        const panel = app.shell.currentWidget;
        if (!panel?.context?.isReady || !panel.sessionContext?.session?.kernel) return;
        clearInterval(timer);
        await panel.sessionContext.ready;
        await app.commands.execute("notebook:run-all-cells");
      }, 100);
    },
  };
  const module = { __esModule: true, default: plugin };
  const container = { init() {}, get: async () => () => module };
  Object.assign(((/** @type {any} */ (window))._JUPYTERLAB ??= {}), { "project-or-operation": container });
}
