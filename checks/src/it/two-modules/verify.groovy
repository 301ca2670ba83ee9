// The guide prints the dependency tree that this project has.
File guide = new File(basedir, '../../../../docs/library.md')
String tree = new File(basedir, 'target/tree.txt').getText('UTF-8').replace('\r\n', '\n')
assert guide.getText('UTF-8').contains('```text\n' + tree + '```\n') : "docs/library.md must print this tree:\n" + tree
List lines = new File(basedir, 'target/output.txt').readLines('UTF-8').findAll { !it.startsWith('SLF4J') }
assert lines == ['550 5.7.23 SPF check failed: 198.51.100.1 is not authorized to send mail for example.net', 'PASS', 'signed']
