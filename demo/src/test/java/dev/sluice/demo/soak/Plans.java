package dev.sluice.demo.soak;

import dev.sluice.demo.soak.BackendFault.Seen;
import dev.sluice.demo.soak.Plan.Framing;
import dev.sluice.demo.soak.Plan.Pace;
import dev.sluice.demo.soak.Plan.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Draws what one worker does; the same seed draws the same. */
final class Plans {
  private static final BackendFault[] BACKEND = BackendFault.values();
  private static final ClientFault[] CLIENT = ClientFault.values();
  private static final int[] SIZES = {1, 100, 3_000, 16_000, 70_000, 200_000, 1 << 20, 3 << 20};
  private static final int[] STATUSES = {200, 200, 200, 200, 201, 404, 500, 204, 304};

  private final Random random;
  private long next;

  /**
   * @param worker the ids of one are not those of another
   */
  Plans(long seed, int worker) {
    random = new Random(seed * 1009 + worker);
    next = (worker + 1) * 1_000_000_000L;
  }

  /**
   * What goes over one connection.
   *
   * @param depth requests that may be under way at once
   */
  record Connection(List<Plan> plans, int depth, boolean smallBuffer) {}

  Connection connection() {
    boolean old = one(12);
    ClientFault last = one(3) ? CLIENT[random.nextInt(CLIENT.length)] : ClientFault.NONE;
    int count = 1 + random.nextInt(old ? 3 : 8);
    List<Plan> plans = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      plans.add(plan(old, i == count, i == count ? last : ClientFault.NONE));
    }
    boolean alone = old || last != ClientFault.NONE || one(2);
    return new Connection(plans, alone ? 1 : 2 + random.nextInt(5), one(6));
  }

  private Plan plan(boolean old, boolean ends, ClientFault clientFault) {
    BackendFault fault = fault(clientFault);
    String method = method(fault);
    boolean plain = fault != BackendFault.NONE;
    int status = plain ? 200 : STATUSES[random.nextInt(STATUSES.length)];
    Part request = request(method, old, fault);
    Part answer = answer(fault, status);
    boolean whole = clientFault == ClientFault.NONE && fault == BackendFault.NONE;
    boolean expect = whole && !old && request.framing() != Framing.NONE && one(6);
    return new Plan(
        ++next,
        prefix(fault, method),
        method,
        old,
        ends && one(4),
        expect,
        request,
        answer,
        status,
        plain || one(2) ? 0 : random.nextInt(4),
        random.nextDouble(),
        clientFault,
        fault);
  }

  private BackendFault fault(ClientFault clientFault) {
    if (!one(3)) {
      return BackendFault.NONE;
    }
    BackendFault fault = BACKEND[random.nextInt(BACKEND.length)];
    boolean rare = fault.stalls() && (clientFault != ClientFault.NONE || !one(3));
    return rare ? BackendFault.IDLE_CLOSE : fault;
  }

  private String method(BackendFault fault) {
    if (fault.early()) {
      return one(2) ? "POST" : "PUT";
    }
    int draw = random.nextInt(fault.seen == Seen.WHOLE ? 100 : 92);
    if (draw < 40) {
      return "GET";
    }
    return draw < 67 ? "POST" : draw < 92 ? "PUT" : "HEAD";
  }

  private String prefix(BackendFault fault, String method) {
    if (fault == BackendFault.UNREACHABLE) {
      return "/nobody/";
    }
    if (fault.stalls()) {
      return "/hurried/";
    }
    return method.equals("GET") && one(4) ? "/kept/" : "/plain/";
  }

  private Part request(String method, boolean old, BackendFault fault) {
    boolean upload = method.equals("POST") || method.equals("PUT");
    Framing framing = old || one(2) ? Framing.FIXED : Framing.CHUNKED;
    int length = upload ? length() + (fault.early() ? 1 + random.nextInt(500_000) : 0) : 0;
    return part(upload ? framing : Framing.NONE, length);
  }

  private Part answer(BackendFault fault, int status) {
    Framing framing = one(2) ? Framing.CHUNKED : one(8) ? Framing.UNTIL_CLOSE : Framing.FIXED;
    if (fault == BackendFault.RESET_UNFRAMED) {
      framing = Framing.UNTIL_CLOSE;
    } else if (fault == BackendFault.BAD_CHUNK) {
      framing = Framing.CHUNKED;
    } else if (fault != BackendFault.NONE && framing == Framing.UNTIL_CLOSE) {
      framing = Framing.FIXED;
    }
    if (fault == BackendFault.IDLE_RESET) {
      return little();
    }
    int length = length();
    boolean bodiless = status == 204 || status == 304;
    if (bodiless) {
      return part(Framing.NONE, 0);
    }
    return part(framing, fault.seen == Seen.PART ? length + 2 : length);
  }

  /** A reset throws away what has not left yet; this has, as soon as it is written. */
  private Part little() {
    return new Part(Framing.FIXED, random.nextInt(2_000), 1, false, Pace.AT_ONCE, Pace.AT_ONCE);
  }

  private Part part(Framing framing, int length) {
    int chunk = 1 + random.nextInt(Math.max(1, Math.min(length, 1 + random.nextInt(40_000))));
    int least = Math.max(chunk, length / 2_000 + 1);
    boolean trailers = framing == Framing.CHUNKED && one(3);
    return new Part(framing, length, least, trailers, pace(), pace());
  }

  private Pace pace() {
    return one(2) ? Pace.AT_ONCE : one(4) ? Pace.SLOWLY : Pace.IN_PIECES;
  }

  /** Nothing at all, mostly little, now and then some MiB. */
  private int length() {
    if (one(7)) {
      return 0;
    }
    int size = Math.min(random.nextInt(SIZES.length), random.nextInt(SIZES.length));
    return 1 + random.nextInt(SIZES[size]);
  }

  /** True once in so many draws. */
  private boolean one(int in) {
    return random.nextInt(in) == 0;
  }
}
