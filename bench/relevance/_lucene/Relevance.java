import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.QueryBuilder;

/**
 * Ranks judged passages by Lucene's BM25 as OpenSearch and Elasticsearch have it by themselves, over the analyses
 * that they bring for Chinese and over words that jisi has cut (bench/relevance -cut): what a cluster of theirs would
 * do for ranking. README.md of bench/relevance says how to run it. All passages are one shard; the operator is OR.
 */
final class Relevance {
    private Relevance() {}

    /** An analysis: the fields asked, and the weight of each. */
    private record Way(String name, Map<String, Float> fields) {}

    public static void main(String[] args) throws Exception {
        for (String folder : args) {
            measure(Path.of(folder));
        }
    }

    private static void measure(Path folder) throws Exception {
        Map<String, Analyzer> each = new HashMap<>();
        each.put("standard", new StandardAnalyzer());
        each.put("cjk", new CJKAnalyzer());
        each.put("smartcn", new SmartChineseAnalyzer());
        each.put("words", new WhitespaceAnalyzer());
        Analyzer analyzer = new PerFieldAnalyzerWrapper(new WhitespaceAnalyzer(), each);
        ByteBuffersDirectory directory = new ByteBuffersDirectory();
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(analyzer))) {
            for (String line : Files.readAllLines(folder.resolve("passages.tsv"))) {
                String[] parts = line.split("\t", -1);
                Document d = new Document();
                d.add(new StoredField("id", parts[0]));
                for (String field : each.keySet()) {
                    d.add(new TextField(field, parts[field.equals("words") ? 2 : 1], Field.Store.NO));
                }
                writer.addDocument(d);
            }
        }
        List<String> questions = Files.readAllLines(folder.resolve("questions.tsv"));
        IndexSearcher searcher = new IndexSearcher(DirectoryReader.open(directory));
        List<Way> ways = new ArrayList<>();
        for (String field : List.of("standard", "cjk", "smartcn", "words")) {
            ways.add(new Way(field, Map.of(field, 1f)));
        }
        ways.add(new Way("words + cjk/2", Map.of("words", 1f, "cjk", 0.5f)));
        ways.add(new Way("words + cjk", Map.of("words", 1f, "cjk", 1f)));
        System.out.println(folder);
        for (Way way : ways) {
            Map<String, double[]> sums = new TreeMap<>(); // by form: asked, MRR, first, tenth
            for (String line : questions) {
                String[] parts = line.split("\t", -1);
                double[] sum = sums.computeIfAbsent(parts[1], form -> new double[4]);
                sum[0]++;
                int at = rank(searcher, query(analyzer, way, parts), parts[0]);
                if (at > 0) {
                    sum[1] += 1.0 / at;
                    sum[2] += at == 1 ? 1 : 0;
                    sum[3]++;
                }
            }
            sums.forEach((form, s) -> System.out.printf("%-14s %-12s questions %.0f  MRR@10 %.4f  recall@1 %.4f  recall@10 %.4f%n",
                    way.name(), form, s[0], s[1] / s[0], s[2] / s[0], s[3] / s[0]));
        }
    }

    private static Query query(Analyzer analyzer, Way way, String[] question) {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        way.fields().forEach((field, weight) -> {
            Query q = new QueryBuilder(analyzer).createBooleanQuery(field, question[field.equals("words") ? 3 : 2]);
            if (q != null) {
                all.add(new BoostQuery(q, weight), BooleanClause.Occur.SHOULD);
            }
        });
        return all.build();
    }

    /** Returns the place of a passage among the first ten from 1, and 0 where it is not one of them. */
    private static int rank(IndexSearcher searcher, Query query, String passage) throws Exception {
        ScoreDoc[] hits = searcher.search(query, 10).scoreDocs;
        for (int i = 0; i < hits.length; i++) {
            if (searcher.doc(hits[i].doc).get("id").equals(passage)) {
                return i + 1;
            }
        }
        return 0;
    }
}
