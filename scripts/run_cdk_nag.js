// Runs cdk-nag's packs AwsSolutions, NIST 800-53 R5 and PCI DSS 3.2.1 over CloudFormation templates
// (JSON) and prints every violation as one JSON line.
//   NODE_PATH=scripts/node_packages/node_modules node scripts/run_cdk_nag.js TEMPLATE...
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const cdk = require('aws-cdk-lib');
const { CfnInclude } = require('aws-cdk-lib/cloudformation-include');
const nag = require('cdk-nag');

const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-nag-'));
try {
  const app = new cdk.App({ outdir, analyticsReporting: false });
  for (const file of process.argv.slice(2)) {
    const stack = new cdk.Stack(app, path.basename(file).split('.')[0]);
    new CfnInclude(stack, 'template', { templateFile: file });
  }
  const packs = [nag.AwsSolutionsChecks, nag.NIST80053R5Checks, nag.PCIDSS321Checks];
  cdk.Validations.of(app).addPlugins(...packs.map((Pack) => new Pack({ verbose: false })));
  try {
    app.synth();
  } catch (failed) {
    if (!/Validation ?failed/i.test(`${failed} ${failed.stack}`)) throw failed;
  }
  // Without the report nothing was checked, whatever else looks right.
  const report = JSON.parse(fs.readFileSync(path.join(outdir, 'validation-report.json'), 'utf8'));
  if (process.env.RAW) console.error(JSON.stringify(report).slice(0, 3000));
  for (const plugin of report.pluginReports) {
    for (const violation of plugin.violations) {
      for (const where of violation.violatingConstructs) {
        console.log(JSON.stringify({
          pack: plugin.pluginName ?? plugin.summary?.pluginName,
          rule: violation.ruleName,
          where: where.constructPath ?? where.resourceLogicalId,
          text: violation.description,
        }));
      }
    }
  }
  process.exitCode = 0;  // the library sets 1 for findings; here they are the result
} finally {
  fs.rmSync(outdir, { recursive: true, force: true });
}
