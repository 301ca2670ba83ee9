// The linked runtime, which has no more modules than the guide names, runs the example as the whole JDK does.
File pom = new File(basedir, 'pom.xml')
String modules = (pom.text =~ /<argument>(java\.base,[a-z.,]+)<\/argument>/)[0][1]
File guide = new File(basedir, '../../../../docs/library.md')
assert guide.text.contains("--add-modules $modules ") : "docs/library.md does not name $modules"
Closure lines = { String name -> new File(basedir, "target/$name").readLines('UTF-8').findAll { !it.startsWith('SLF4J') } }
assert lines('linked.txt') == lines('output.txt') && !lines('output.txt').isEmpty()
