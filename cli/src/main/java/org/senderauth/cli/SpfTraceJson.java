package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.SpfProblem;
import org.senderauth.spf.SpfTrace;
import org.senderauth.spf.SpfTraceText;
import org.senderauth.spf.syntax.SpfParseResult;
import org.xbill.DNS.Type;

/** The trace of an SPF check as JSON. */
final class SpfTraceJson {

    private SpfTraceJson() {}

    static ObjectNode of(SpfTrace trace) {
        ObjectNode object = JsonLines.object()
                .put("domain", trace.domain())
                .put("record", trace.record().map(SpfParseResult::text).orElse(null));
        questions(object.putArray("questions"), trace.questions());
        ArrayNode steps = object.putArray("steps");
        for (SpfTrace.Step step : trace.steps()) {
            ObjectNode node = steps.addObject()
                    .put(
                            "term",
                            trace.record()
                                    .map(record -> step.term().span().of(record.text()))
                                    .orElse(""))
                    .put("target", step.target().orElse(null))
                    .put("outcome", step.outcome().name().toLowerCase(Locale.ROOT))
                    .put("lookups", step.lookups())
                    .put("voidLookups", step.voidLookups());
            questions(node.putArray("questions"), step.questions());
            step.nested().ifPresent(nested -> node.set("nested", of(nested)));
        }
        object.put("result", trace.verdict().text());
        return object.put("problem", trace.problem().map(SpfProblem::toString).orElse(null));
    }

    private static void questions(ArrayNode array, List<SpfTrace.Question> questions) {
        for (SpfTrace.Question question : questions) {
            array.addObject()
                    .put("name", DomainNames.text(question.name()))
                    .put("type", Type.string(question.type()))
                    .put("answer", SpfTraceText.answer(question.answer()));
        }
    }
}
