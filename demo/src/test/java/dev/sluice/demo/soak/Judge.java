package dev.sluice.demo.soak;

import dev.sluice.demo.soak.AnswerReader.Answer;
import dev.sluice.demo.soak.AnswerReader.Kind;
import dev.sluice.demo.soak.BackendFault.Seen;
import dev.sluice.demo.soak.Ledger.Exchange;
import org.jspecify.annotations.Nullable;

/** Whether what a client saw may be, after what both sides did. */
final class Judge {
  private Judge() {}

  static void judge(Ledger ledger, Exchange exchange, Answer answer) {
    Plan plan = exchange.plan;
    ledger.count("exchanges");
    ledger.count("seen " + answer.kind());
    if (answer.kind() == Kind.VERIFIED) {
      ledger.count("verified " + plan.method() + (plan.old() ? " HTTP/1.0" : ""));
    }
    String wrong = wrong(exchange, answer);
    if (wrong != null) {
      ledger.violation(
          "%s: %s; the gateway told %s, the backend was asked %d times, for %s"
              .formatted(wrong, answer, exchange.told, exchange.seen.get(), plan));
    }
  }

  /** One that ends its side is taken to have left where the answer does not begin within 2 s. */
  private static @Nullable String wrong(Exchange exchange, Answer answer) {
    Plan plan = exchange.plan;
    boolean left = plan.clientFault() != ClientFault.NONE;
    Seen seen = plan.backendFault().seen;
    return switch (answer.kind()) {
      case WRONG -> "a wrong answer";
      case VERIFIED -> whole(exchange, answer);
      case LEFT -> plan.clientFault().cutsReading() ? null : "left without a plan";
      case REFUSED -> refused(exchange, answer);
      case CUT ->
          (left && !plan.clean()) || seen == Seen.PART || seen == Seen.ANYTHING
              ? null
              : "a good answer was cut";
      case SILENT -> left || drops(plan) ? null : "no answer";
    };
  }

  private static @Nullable String whole(Exchange exchange, Answer answer) {
    Plan plan = exchange.plan;
    if (plan.backendFault().seen == Seen.NOTHING || plan.backendFault().seen == Seen.PART) {
      return "a broken answer was taken for whole";
    }
    if (exchange.seen.get() == 0) {
      return "an answer that the backend never gave";
    }
    boolean keeps = plan.clientFault() == ClientFault.NONE && !plan.close() && !plan.old();
    return keeps && !answer.more() && plan.clean() && !plan.backendFault().early()
        ? "a connection was closed that could have been kept"
        : null;
  }

  private static @Nullable String refused(Exchange exchange, Answer answer) {
    Plan plan = exchange.plan;
    boolean broken = plan.backendFault().seen != Seen.WHOLE || !plan.clean();
    boolean stale = !plan.repeatable() && exchange.seen.get() == 0 && answer.status() == 502;
    return broken || stale ? null : "a good exchange was refused";
  }

  /** An answer that only closing would end is cut by a reset, which may take its head with it. */
  private static boolean drops(Plan plan) {
    Seen seen = plan.backendFault().seen;
    return plan.old() && (seen == Seen.PART || seen == Seen.ANYTHING);
  }
}
