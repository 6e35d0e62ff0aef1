package io.replog.core.quorum;

import io.replog.core.bytes.BytesIn;
import io.replog.core.bytes.BytesOut;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A membership in bytes: u16 count, then for each member u8 length and id, u16 length and url, u8 kind, i32 priority,
 * i64 incarnation.
 */
public final class MembershipCodec {
    private MembershipCodec() {}

    public static void write(BytesOut out, Membership membership) {
        out.u16(membership.members().size());
        for (Member member : membership.members()) {
            out.shortAscii(member.id().value());
            byte[] url = member.url().getBytes(StandardCharsets.UTF_8);
            out.u16(url.length);
            out.raw(url);
            out.u8(
                    switch (member.kind()) {
                        case VOTER -> 1;
                        case LEARNER -> 2;
                        case SPARE -> 3;
                        case WITNESS -> 4;
                    });
            out.i32(member.priority());
            out.i64(member.incarnation());
        }
    }

    /** @throws RuntimeException the one that {@code in} makes, where no membership stands there */
    public static Membership read(BytesIn in) {
        int count = in.u16();
        List<Member> members = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                NodeId id = new NodeId(in.shortAscii());
                String url = new String(in.raw(in.u16()), StandardCharsets.UTF_8);
                members.add(new Member(id, url, kind(in), in.i32(), in.i64()));
            }
            return new Membership(members);
        } catch (IllegalArgumentException e) {
            throw in.fail(String.valueOf(e.getMessage()));
        }
    }

    private static MemberKind kind(BytesIn in) {
        int code = in.u8();
        return switch (code) {
            case 1 -> MemberKind.VOTER;
            case 2 -> MemberKind.LEARNER;
            case 3 -> MemberKind.SPARE;
            case 4 -> MemberKind.WITNESS;
            default -> throw in.fail("unknown kind of member " + code);
        };
    }
}
