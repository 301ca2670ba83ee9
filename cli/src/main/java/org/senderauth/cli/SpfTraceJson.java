package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.SpfTrace;
import org.xbill.DNS.Type;

/** The trace of an SPF check as JSON. */
final class SpfTraceJson {

    private SpfTraceJson() {}

    static ObjectNode of(SpfTrace trace) {
        ObjectNode object = JsonLines.object()
                .put("domain", trace.domain())
                .put("record", trace.record() == null ? null : trace.record().text());
        questions(object.putArray("questions"), trace.questions());
        ArrayNode steps = object.putArray("steps");
        for (SpfTrace.Step step : trace.steps()) {
            ObjectNode node = steps.addObject()
                    .put(
                            "term",
                            trace.record() == null
                                    ? ""
                                    : step.term().span().of(trace.record().text()))
                    .put("target", step.target())
                    .put("outcome", step.outcome().name().toLowerCase(Locale.ROOT))
                    .put("lookups", step.lookups())
                    .put("voidLookups", step.voidLookups());
            questions(node.putArray("questions"), step.questions());
            if (step.nested() != null) {
                node.set("nested", of(step.nested()));
            }
        }
        object.put("result", trace.verdict().text());
        return object.put(
                "problem", trace.problem() == null ? null : trace.problem().toString());
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
