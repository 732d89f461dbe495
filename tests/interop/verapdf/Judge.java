// Asks veraPDF. Takes one line for each question on standard input: a flavour (1b, 2u, 3a, 4, ua1, ..), a tab, a file. Gives one line
// for each answer: `ok`; or `failed` and up to ten failed rules, tab-separated; or `error` and why it could not be judged.
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public final class Judge {
    public static void main(String[] arguments) throws Exception {
        LogManager.getLogManager().reset();
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        System.out.println("ready");
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            String[] question = line.split("\t", 2);
            String answer;
            try {
                answer = judge(question[0], question[1]);
            } catch (Exception | StackOverflowError error) {
                answer = "error\t" + oneLine(error.toString());
            }
            System.out.println(answer);
        }
    }

    private static String judge(String name, String file) throws Exception {
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(name);
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
            return "error\tno such flavour";
        }
        try (InputStream bytes = new FileInputStream(file);
             PDFAParser parser = Foundries.defaultInstance().createParser(bytes, flavour);
             PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, 10, false, true, false)) {
            ValidationResult result = validator.validate(parser);
            if (result.isCompliant()) {
                return "ok";
            }
            TreeSet<String> rules = new TreeSet<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    String where = assertion.getLocation() == null ? "" : assertion.getLocation().getContext();
                    rules.add(assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber() + " "
                            + oneLine(assertion.getMessage()) + " at " + oneLine(String.valueOf(where)));
                }
            }
            StringBuilder told = new StringBuilder("failed");
            rules.stream().limit(10).forEach(rule -> told.append('\t').append(rule));
            return told.toString();
        }
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
